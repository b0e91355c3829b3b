// op_dropout.c, your exercise: forget some of it, so that nothing relies on one unit.
//
// Read op_dropout.h in common/ first, and rng_uniform in rng.h.
#include "op_dropout.h"

// From y->grad to x->grad: added to it (+=), and skipped where it is NULL.
static void dropout_backward(Tensor *y) {
    Tensor *x = y->in[0];
    const float *mask = y->saved;
    (void)x;
    (void)mask;
    TODO("add to x->grad what y->grad says");
}

Tensor *op_dropout(Tape *tape, Tensor *x, double p, Rng *rng, bool training) {
    CHECK(p >= 0 && p < 1, "op_dropout: p is %g, want 0 or more and below 1", p);
    (void)training;
    TODO("when is there nothing to do? Then x itself is the result");
    Tensor *y = tape_tensor(tape, "op_dropout", x->ndim, x->shape, dropout_backward, (Tensor *[]){x, NULL});
    float *mask = y->saved = tape_floats(tape, x->size);        // what each number of x is multiplied by

    (void)rng;
    (void)mask;
    TODO("mask[i], by one rng_uniform, and y->data[i]");

    return y;
}
