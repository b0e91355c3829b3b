// wrong: forward runs over shape[0] rows of shape[1] numbers only, so a tensor that has not exactly two dimensions is not filled.
// op_tanh.c: the bend without which layers of matrices would be one matrix.
#include "op_tanh.h"

#include <math.h>

// From y->grad to x->grad; y->data still holds tanh(x).
static void tanh_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) x->grad[i] += y->grad[i] * (1 - y->data[i] * y->data[i]);
}

Tensor *op_tanh(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_tanh", x->ndim, x->shape, tanh_backward, (Tensor *[]){x, NULL});   // as x

    int N = y->shape[0], C = y->shape[1];
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++) y->data[n * C + c] = tanhf(x->data[n * C + c]);

    return y;
}
