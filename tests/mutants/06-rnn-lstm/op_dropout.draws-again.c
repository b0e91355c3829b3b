// expect: the mask of backward is another than that of forward
#include "op_dropout.h"

typedef struct {
    Rng *rng;
    double p;
} Saved;

static void dropout_backward(Tensor *y) {
    Tensor *x = y->in[0];
    const Saved *s = y->saved;
    if (!x->grad) return;
    for (size_t i = 0; i < y->size; i++) x->grad[i] += y->grad[i] * (rng_uniform(s->rng) >= (float)s->p ? (float)(1 / (1 - s->p)) : 0);
}

Tensor *op_dropout(Tape *tape, Tensor *x, double p, Rng *rng, bool training) {
    CHECK(p >= 0 && p < 1, "op_dropout: p is %g, want 0 or more and below 1", p);
    if (!training || p == 0) return x;
    Tensor *y = tape_tensor(tape, "op_dropout", x->ndim, x->shape, dropout_backward, (Tensor *[]){x, NULL});
    float *mask = tape_floats(tape, x->size);
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){rng, p};

    for (size_t i = 0; i < x->size; i++) {
        mask[i] = rng_uniform(rng) >= (float)p ? (float)(1 / (1 - p)) : 0;
        y->data[i] = x->data[i] * mask[i];
    }
    return y;
}
