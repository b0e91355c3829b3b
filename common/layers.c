// layers.c, from lesson 05: a net as a list of layers.
#include "layers.h"
#include "init.h"
#include "op_batchnorm.h"
#include "op_flatten.h"
#include "op_linear.h"
#include "op_tanh.h"

#include <stdio.h>

// --- kinds of layers ---

static Tensor *flatten(Layer *l, Tape *tape, Tensor *x, bool training) { (void)training; return op_flatten(tape, x, l->n); }
static Tensor *linear(Layer *l, Tape *tape, Tensor *x, bool training) { (void)training; return op_linear(tape, x, l->w, l->b); }
static Tensor *batchnorm(Layer *l, Tape *tape, Tensor *x, bool training) { return op_batchnorm(tape, x, &l->bn, training); }
static Tensor *bend(Layer *l, Tape *tape, Tensor *x, bool training) { (void)l; (void)training; return op_tanh(tape, x); }

Layer *layers_add(Layers *l, const char *kind, Tensor *(*forward)(Layer *, Tape *, Tensor *, bool)) {
    CHECK(l->count < LAYERS_MOST, "layers_add: \"%s\" is one more than %d layers", kind, LAYERS_MOST);
    Layer *new = &l->layer[l->count++];
    *new = (Layer){.kind = kind, .forward = forward};
    return new;
}

void layers_flatten(Layers *l, int n) { layers_add(l, "flatten", flatten)->n = n; }

void layers_linear(Layers *l, Params *p, int I, int O, bool bias) {
    char w[16], b[16];
    snprintf(w, sizeof w, "%d.w", l->count);
    snprintf(b, sizeof b, "%d.b", l->count);
    Layer *new = layers_add(l, "linear", linear);
    new->w = params_add(p, w, 2, (int[]){O, I});
    if (bias) new->b = params_add(p, b, 1, &O);
}

void layers_batchnorm(Layers *l, Params *p, int C, float momentum) {
    char name[16];
    snprintf(name, sizeof name, "%d", l->count);
    layers_add(l, "batchnorm", batchnorm)->bn = batchnorm_add(p, name, C, momentum);
}

void layers_tanh(Layers *l) { layers_add(l, "tanh", bend); }

// --- the list ---

void layers_randomise(Layers *l, Rng *rng) {
    for (int i = 0; i < l->count; i++) {
        Layer *layer = &l->layer[i];
        if (layer->w) init_kaiming(rng, layer->w, 1);
        if (layer->b) init_scale(layer->b, 0);
        if (layer->bn.gain) batchnorm_reset(&layer->bn, 1);
    }
}

Tensor *layers_forward(Layers *l, Tape *tape, Tensor *x, bool training) {
    for (int i = 0; i < l->count; i++) x = l->layer[i].forward(&l->layer[i], tape, x, training);
    return x;
}

size_t layers_size(const Layer *l) {
    return (l->w ? l->w->size : 0) + (l->b ? l->b->size : 0) + (l->bn.gain ? l->bn.gain->size + l->bn.bias->size : 0);
}
