// expect: `training` alone decides
#include "op_dropout.h"

// dx = dy * mask
static void dropout_backward(Tensor *y) {
    Tensor *x = y->in[0];
    const float *mask = y->saved;
    if (!x->grad) return;
    for (size_t i = 0; i < y->size; i++) x->grad[i] += y->grad[i] * mask[i];
}

Tensor *op_dropout(Tape *tape, Tensor *x, double p, Rng *rng, bool training) {
    CHECK(p >= 0 && p < 1, "op_dropout: p is %g, want 0 or more and below 1", p);
    if (!training || p == 0 || !tape->record) return x;
    Tensor *y = tape_tensor(tape, "op_dropout", x->ndim, x->shape, dropout_backward, (Tensor *[]){x, NULL});
    float *mask = y->saved = tape_floats(tape, x->size);        // what each number of x is multiplied by

    for (size_t i = 0; i < x->size; i++) {
        mask[i] = rng_uniform(rng) >= (float)p ? (float)(1 / (1 - p)) : 0;
        y->data[i] = x->data[i] * mask[i];
    }
    return y;
}
