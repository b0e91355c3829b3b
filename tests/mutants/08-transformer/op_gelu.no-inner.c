// expect: du/dx is left out (the chain rule)
#include "op_gelu.h"

#include <math.h>

static const float ROOT = 0.79788456f, CUBE = 0.044715f;        // sqrt(2/pi)

// y = x (1 + t) / 2 with t = tanh u, so dy/dx = (1 + t) / 2 + x (1 - t²) / 2 du/dx
static void gelu_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < y->size; i++) {
        float v = x->data[i], t = tanhf(ROOT * (v + CUBE * v * v * v));
        x->grad[i] += y->grad[i] * ((1 + t) / 2 + v * (1 - t * t) / 2);
    }
}

Tensor *op_gelu(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_gelu", x->ndim, x->shape, gelu_backward, (Tensor *[]){x, NULL});      // as x

    for (size_t i = 0; i < y->size; i++) {
        float v = x->data[i];
        y->data[i] = v * (1 + tanhf(ROOT * (v + CUBE * v * v * v))) / 2;
    }
    return y;
}
