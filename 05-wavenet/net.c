// net.c of 05-wavenet: embeddings, and a hierarchy over them.
#include "net.h"
#include "draw.h"
#include "init.h"
#include "op_embedding.h"
#include "op_softmax.h"
#include "windows.h"

#include <stdlib.h>
#include <string.h>

static const Variant VARIANT[] = {
    {"flat3", {.block = 3, .fuse = 3, .embedding = 10, .hidden = 200}},
    {"flat8", {.block = 8, .fuse = 8, .embedding = 10, .hidden = 200}},
    {"tree68-bug", {.block = 8, .fuse = 2, .embedding = 10, .hidden = 68, .bug = true}},
    {"tree68", {.block = 8, .fuse = 2, .embedding = 10, .hidden = 68}},
    {"tree128", {.block = 8, .fuse = 2, .embedding = 24, .hidden = 128}},
    {NULL, {0}},
};

const Variant *variant_named(const char *name) {
    for (const Variant *v = VARIANT; v->name; v++)
        if (strcmp(v->name, name) == 0) return v;
    return NULL;
}

void net_init(Net *net, Shape s) {
    *net = (Net){.shape = s, .ask = tape_new(false)};
    net->window = xcalloc((size_t)s.block, sizeof *net->window);
    net->c = params_add(&net->params, "C", 2, (int[]){s.V, s.embedding});
    hierarchy_build(&net->layers, &net->params, s);
    params_allocate(&net->params);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->ask);
    free(net->window);
}

void net_randomise(Net *net, Rng *rng) {
    draw_normal(rng, net->c);
    layers_randomise(&net->layers, rng);
    init_scale(net->layers.layer[net->layers.count - 1].w, 0.1);
}

Tensor *net_logits(Net *net, Tape *tape, const int *context, int N, bool training) {
    Tensor *e = op_embedding(tape, net->c, context, N, net->shape.block);       // (N, block, embedding)
    return layers_forward(&net->layers, tape, e, training);                     // (N, V)
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    window_before(id, n, m->boundary, net->shape.block, net->window);
    tape_reset(&net->ask);
    Tensor *p = op_softmax(&net->ask, net_logits(net, &net->ask, net->window, 1, false));       // (1, V)
    memcpy(prob, p->data, (size_t)net->shape.V * sizeof *prob);
}

Model net_model(Net *net, const Vocab *vocab) {
    return (Model){.vocab = vocab, .boundary = vocab->names ? 0 : -1, .self = net, .next = next};
}
