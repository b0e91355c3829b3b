// wrong: only large positive numbers are kept away from the fraction; for -100 e^-x overflows and the result is NaN.
// op_tanh.c: the bend without which layers of matrices would be one matrix.
#include "op_tanh.h"

#include <math.h>

static float bend(float x) {
    if (x > 20) return 1;       // e^x would be too large for a float, and tanh is 1 to all digits anyway
    float up = expf(x), down = expf(-x);
    return (up - down) / (up + down);
}

// From y->grad to x->grad; y->data still holds tanh(x).
static void tanh_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) x->grad[i] += y->grad[i] * (1 - y->data[i] * y->data[i]);
}

Tensor *op_tanh(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_tanh", x->ndim, x->shape, tanh_backward, (Tensor *[]){x, NULL});   // as x

    for (size_t i = 0; i < y->size; i++) y->data[i] = bend(x->data[i]);

    return y;
}
