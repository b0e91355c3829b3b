// op_relu.c, from lesson 04: what is negative becomes 0.
#include "op_relu.h"

// dy/dx = 1 where x was positive, 0 elsewhere
static void relu_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    const float *in = x->data, *dy = y->grad;
    float *dx = x->grad;
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) dx[i] += in[i] > 0 ? dy[i] : 0;
}

Tensor *op_relu(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_relu", x->ndim, x->shape, relu_backward, (Tensor *[]){x, NULL});
    const float *in = x->data;
    float *out = y->data;
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) out[i] = in[i] > 0 ? in[i] : in[i] != in[i] ? in[i] : 0;
    return y;
}
