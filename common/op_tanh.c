// op_tanh.c, from lesson 03: the bend without which layers of matrices would be one matrix.
#include "op_tanh.h"
#include "vectanh.h"

// dy/dx = 1 - tanh(x)² = 1 - y²
static void tanh_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    const float *out = y->data, *dy = y->grad;
    float *dx = x->grad;
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) dx[i] += dy[i] * (1 - out[i] * out[i]);
}

Tensor *op_tanh(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_tanh", x->ndim, x->shape, tanh_backward, (Tensor *[]){x, NULL});
    const float *in = x->data;
    float *out = y->data;
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) out[i] = vec_tanh(in[i]);
    return y;
}
