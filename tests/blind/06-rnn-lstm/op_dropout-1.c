// wrong: mask holds 0 or 1 and the division by 1 - p is made in forward only, so the gradient is too small by that factor.
// op_dropout.c, your exercise: forget some of it, so that nothing relies on one unit.
//
// Read op_dropout.h in common/ first, and rng_uniform in rng.h.
#include "op_dropout.h"

// From y->grad to x->grad: added to it (+=), and skipped where it is NULL.
static void dropout_backward(Tensor *y) {
    Tensor *x = y->in[0];
    const float *mask = y->saved;
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) x->grad[i] += mask[i] * y->grad[i];
}

Tensor *op_dropout(Tape *tape, Tensor *x, double p, Rng *rng, bool training) {
    CHECK(p >= 0 && p < 1, "op_dropout: p is %g, want 0 or more and below 1", p);
    if (!training || p == 0) return x;
    Tensor *y = tape_tensor(tape, "op_dropout", x->ndim, x->shape, dropout_backward, (Tensor *[]){x, NULL});
    float *mask = y->saved = tape_floats(tape, x->size);        // what each number of x is multiplied by

    float scale = (float)(1 / (1 - p));
    for (size_t i = 0; i < x->size; i++) {
        mask[i] = rng_uniform(rng) >= p ? 1 : 0;
        y->data[i] = mask[i] * x->data[i] * scale;
    }

    return y;
}
