// net.c of 03-mlp: a window of characters, a hidden layer, and the next character.
#include "net.h"
#include "draw.h"
#include "op_embedding.h"
#include "op_linear.h"
#include "op_reshape.h"
#include "op_softmax.h"
#include "op_tanh.h"
#include "windows.h"

#include <stdlib.h>
#include <string.h>

void net_init(Net *net, Shape s) {
    *net = (Net){.shape = s, .ask = tape_new(false)};
    net->window = xcalloc((size_t)s.block, sizeof *net->window);
    net->c = params_add(&net->params, "C", 2, (int[]){s.V, s.embedding});
    net->w1 = params_add(&net->params, "W1", 2, (int[]){s.hidden, s.block * s.embedding});
    net->b1 = params_add(&net->params, "b1", 1, (int[]){s.hidden});
    net->w2 = params_add(&net->params, "W2", 2, (int[]){s.V, s.hidden});
    net->b2 = params_add(&net->params, "b2", 1, (int[]){s.V});
    params_allocate(&net->params);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->ask);
    free(net->window);
}

void net_randomise(Net *net, Rng *rng) {
    draw_normal(rng, net->c);
    draw_linear(rng, net->w1);
    draw_normal(rng, net->b1);
    draw_linear(rng, net->w2);
    draw_normal(rng, net->b2);
}

Tensor *net_logits(Net *net, Tape *tape, const int *context, int N) {
    Shape s = net->shape;
    Tensor *e = op_embedding(tape, net->c, context, N, s.block);                    // (N, block, embedding)
    Tensor *x = op_reshape(tape, e, 2, (int[]){N, s.block * s.embedding});          // (N, block*embedding)
    Tensor *h = op_tanh(tape, op_linear(tape, x, net->w1, net->b1));                // (N, hidden)
    return op_linear(tape, h, net->w2, net->b2);                                    // (N, V)
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    window_before(id, n, m->boundary, net->shape.block, net->window);
    tape_reset(&net->ask);
    Tensor *p = op_softmax(&net->ask, net_logits(net, &net->ask, net->window, 1));  // (1, V)
    memcpy(prob, p->data, (size_t)net->shape.V * sizeof *prob);
}

Model net_model(Net *net, const Vocab *vocab) {
    return (Model){.vocab = vocab, .boundary = vocab->names ? 0 : -1, .self = net, .next = next};
}
