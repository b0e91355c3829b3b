// op_dropout.c, from lesson 06: forget some of it, so that nothing relies on one unit.
#include "op_dropout.h"

// y = x * mask, so dx = dy * mask
static void dropout_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    const float *mask = y->saved, *dy = y->grad;
    float *dx = x->grad;
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) dx[i] += dy[i] * mask[i];
}

Tensor *op_dropout(Tape *tape, Tensor *x, double p, Rng *rng, bool training) {
    CHECK(p >= 0 && p < 1, "op_dropout: p is %g, want 0 or more and below 1", p);
    if (!training || p == 0) return x;
    Tensor *y = tape_tensor(tape, "op_dropout", x->ndim, x->shape, dropout_backward, (Tensor *[]){x, NULL});
    float *mask = y->saved = tape_floats(tape, x->size), scale = (float)(1 / (1 - p)), threshold = (float)p;
    rng_uniforms(rng, mask, x->size);
#pragma omp simd
    for (size_t i = 0; i < x->size; i++) {
        mask[i] = mask[i] >= threshold ? scale : 0;         // 0 or 1 / (1-p)
        y->data[i] = x->data[i] * mask[i];
    }
    return y;
}
