// net.c of 02-neural-bigram: the model, one matrix.
#include "net.h"
#include "op_cross_entropy.h"
#include "op_linear.h"
#include "op_onehot.h"
#include "op_softmax.h"
#include "rng.h"

#include <stdlib.h>
#include <string.h>

void net_init(Net *net, int V) {
    *net = (Net){.V = V, .tape = tape_new(false)};
    net->w = params_add(&net->params, "w", 2, (int[]){V, V});
    params_allocate(&net->params);
}

void net_free(Net *net) {
    params_free(&net->params);
    tape_free(&net->tape);
}

void net_draw(float *w, int V, int seed) {
    Rng rng;
    rng_seed(&rng, (uint32_t)seed);
    rng_normal(&rng, w, (size_t)(V * V));
}

void net_set(Net *net, const float *w) {
    int V = net->V;
    for (int before = 0; before < V; before++)
        for (int next = 0; next < V; next++) net->w->data[next * V + before] = w[before * V + next];
}

void net_randomise(Net *net, int seed) {
    float *w = xmalloc(net->w->size * sizeof *w);
    net_draw(w, net->V, seed);
    net_set(net, w);
    free(w);
}

Tensor *net_forward(Net *net, Tape *tape, const int *before, int N) {
    Tensor *x = op_onehot(tape, before, N, net->V);     // (N,V)
    return op_linear(tape, x, net->w, NULL);            // (N,V)
}

double net_loss(Net *net, Stream s) {
    Tape tape = tape_new(false);
    Tensor *logits = net_forward(net, &tape, s.id, (int)(s.n - 1));     // (N,V)
    double loss = op_cross_entropy(&tape, logits, s.id + 1, NO_IGNORE)->data[0];
    tape_free(&tape);
    return loss;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    Net *net = m->self;
    tape_reset(&net->tape);
    Tensor *p = op_softmax(&net->tape, net_forward(net, &net->tape, id + n - 1, 1));    // (1,V)
    memcpy(prob, p->data, (size_t)net->V * sizeof *prob);
}

Model net_model(Net *net, const Vocab *vocab) {
    return (Model){.vocab = vocab, .boundary = vocab->names ? 0 : -1, .self = net, .next = next};
}
