// net.c of 04-batchnorm: lesson 03's net with one or more hidden layers, with or without batch normalisation.
#include "net.h"
#include "draw.h"
#include "init.h"
#include "op_batchnorm.h"
#include "op_embedding.h"
#include "op_linear.h"
#include "op_relu.h"
#include "op_reshape.h"
#include "op_softmax.h"
#include "op_tanh.h"
#include "windows.h"

#include <stdlib.h>
#include <string.h>

// Each row mends one thing of the row above.
static const Variant VARIANT[] = {
    {.name = "original", .layers = 1, .hidden = 200, .w = 1, .b = 1, .last = 1, .last_b = 1},
    {.name = "softmax", .layers = 1, .hidden = 200, .w = 1, .b = 1, .last = 0.01},
    {.name = "tanh", .layers = 1, .hidden = 200, .w = 0.2, .b = 0.01, .last = 0.01},
    {.name = "kaiming", .layers = 1, .hidden = 200, .gain = 5.0 / 3, .b = 0.01, .last = 0.01},
    {.name = "batchnorm", .layers = 1, .hidden = 200, .gain = 5.0 / 3, .last = 0.01, .norm = true, .momentum = 0.001f},
    {.name = "deep", .layers = 5, .hidden = 100, .gain = 1, .last_gain = 0.1, .norm = true, .norm_last = true, .momentum = 0.1f},
    {.name = NULL},
};

const Variant *variant_named(const char *name) {
    for (const Variant *v = VARIANT; v->name; v++)
        if (strcmp(v->name, name) == 0) return v;
    return NULL;
}

static Layer add_layer(Params *p, int number, int in, int out, bool norm, float momentum) {
    char w[16], b[16], bn[16];
    snprintf(w, sizeof w, "W%d", number);
    snprintf(b, sizeof b, "b%d", number);
    snprintf(bn, sizeof bn, "bn%d", number);
    Layer l = {.w = params_add(p, w, 2, (int[]){out, in})};
    if (norm) l.bn = batchnorm_add(p, bn, out, momentum);
    else l.b = params_add(p, b, 1, &out);
    return l;
}

void net_init(Net *net, Shape s, float momentum) {
    *net = (Net){.shape = s, .ask = tape_new(false)};
    net->window = xcalloc((size_t)s.block, sizeof *net->window);
    net->c = params_add(&net->params, "C", 2, (int[]){s.V, s.embedding});
    int in = s.block * s.embedding;
    for (int l = 0; l < s.layers; l++) {
        net->layer[l] = add_layer(&net->params, l + 1, in, s.hidden, s.norm, momentum);
        in = s.hidden;
    }
    net->layer[s.layers] = add_layer(&net->params, s.layers + 1, in, s.V, s.norm_last, momentum);
    params_allocate(&net->params);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->ask);
    free(net->window);
}

static void draw_hidden(Layer *l, const Variant *v, Rng *rng) {
    if (v->gain > 0) init_kaiming(rng, l->w, v->gain);
    else {
        draw_linear(rng, l->w);
        init_scale(l->w, v->w);
    }
    if (!l->b) batchnorm_reset(&l->bn, 1);
    else if (v->b > 0) {
        draw_normal(rng, l->b);
        init_scale(l->b, v->b);
    }
}

static void draw_last(Layer *l, const Variant *v, Rng *rng) {
    if (!l->b) {
        init_kaiming(rng, l->w, 1);
        batchnorm_reset(&l->bn, (float)v->last_gain);
    } else if (v->last_gain > 0) {
        init_kaiming(rng, l->w, v->last_gain);
    } else {
        draw_linear(rng, l->w);
        init_scale(l->w, v->last);
        draw_normal(rng, l->b);
        init_scale(l->b, v->last_b);
    }
}

void net_randomise(Net *net, const Variant *v, Rng *rng) {
    draw_normal(rng, net->c);
    for (int l = 0; l < net->shape.layers; l++) draw_hidden(&net->layer[l], v, rng);
    draw_last(&net->layer[net->shape.layers], v, rng);
}

static Tensor *layer_forward(Layer *l, Tape *tape, Tensor *x, bool training) {
    Tensor *y = op_linear(tape, x, l->w, l->b);
    return l->b ? y : op_batchnorm(tape, y, &l->bn, training);
}

Pass net_forward(Net *net, Tape *tape, const int *context, int N, bool training) {
    Shape s = net->shape;
    Pass p = {0};
    Tensor *x = op_embedding(tape, net->c, context, N, s.block);                    // (N, block, embedding)
    x = op_reshape(tape, x, 2, (int[]){N, s.block * s.embedding});                  // (N, block*embedding)
    for (int l = 0; l < s.layers; l++) {
        p.before[l] = layer_forward(&net->layer[l], tape, x, training);             // (N, hidden)
        x = p.after[l] = s.relu ? op_relu(tape, p.before[l]) : op_tanh(tape, p.before[l]);
    }
    p.logits = layer_forward(&net->layer[s.layers], tape, x, training);             // (N, V)
    return p;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    window_before(id, n, m->boundary, net->shape.block, net->window);
    tape_reset(&net->ask);
    Tensor *p = op_softmax(&net->ask, net_forward(net, &net->ask, net->window, 1, false).logits);
    memcpy(prob, p->data, (size_t)net->shape.V * sizeof *prob);
}

Model net_model(Net *net, const Vocab *vocab) {
    return (Model){.vocab = vocab, .boundary = vocab->names ? 0 : -1, .self = net, .next = next};
}
