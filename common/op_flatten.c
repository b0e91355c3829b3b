// op_flatten.c, from lesson 05: neighbours in time become one longer vector.
#include "op_flatten.h"

// Neighbours in time are neighbours in memory: no number moves, and dx = dy, number by number.
static void flatten_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    const float *dy = y->grad;
    float *dx = x->grad;
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) dx[i] += dy[i];
}

Tensor *op_flatten(Tape *tape, Tensor *x, int n) {
    CHECK(x->ndim == 3 && n > 0 && x->shape[1] % n == 0, "op_flatten: x is %s from \"%s\"; want (B,T,C), and T a multiple of %d", shape_text(x), x->name, n);
    int B = x->shape[0], T = x->shape[1], C = x->shape[2];
    Tensor *y = T == n ? tape_tensor(tape, "op_flatten", 2, (int[]){B, n * C}, flatten_backward, (Tensor *[]){x, NULL})
                       : tape_tensor(tape, "op_flatten", 3, (int[]){B, T / n, n * C}, flatten_backward, (Tensor *[]){x, NULL});
    y->data = x->data;      // the very same numbers: values never change once they are made
    return y;
}
