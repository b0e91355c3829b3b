// expect: the brackets are missing
#include "op_tanh.h"

#include <math.h>

// dx = dy (1 - y²)
static void tanh_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < y->size; i++) x->grad[i] += y->grad[i] * 1 - y->data[i] * y->data[i];
}

Tensor *op_tanh(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_tanh", x->ndim, x->shape, tanh_backward, (Tensor *[]){x, NULL});   // as x

    for (size_t i = 0; i < y->size; i++) y->data[i] = tanhf(x->data[i]);
    return y;
}
