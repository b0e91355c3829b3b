// wrong: numbers are taken for large from 5 on and get exactly 1 or -1, where tanh is still 0.9999 and has a slope.
// op_tanh.c: the bend without which layers of matrices would be one matrix.
#include "op_tanh.h"

#include <math.h>

static float bend(float x) {
    if (x > 5) return 1;        // flat from there on
    if (x < -5) return -1;
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
