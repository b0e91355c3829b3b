// wrong: the slope is taken as 1 - x*x, with the input squared in place of the output.
// op_tanh.c: the bend without which layers of matrices would be one matrix.
#include "op_tanh.h"

#include <math.h>

// From y->grad to x->grad; y->data still holds tanh(x).
static void tanh_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) x->grad[i] += y->grad[i] * (1 - x->data[i] * x->data[i]);
}

Tensor *op_tanh(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_tanh", x->ndim, x->shape, tanh_backward, (Tensor *[]){x, NULL});   // as x

    for (size_t i = 0; i < y->size; i++) y->data[i] = tanhf(x->data[i]);

    return y;
}
