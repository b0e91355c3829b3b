// wrong: the slope of the sigmoid is written e / (1 + e)² with e = exp(-2u), which is infinity through infinity: the gradient is NaN left of about -10, while y is right everywhere.
// op_gelu.c, your exercise: a soft ReLU.
//
// Read op_gelu.h in common/ first: the form that GPT-2 uses, with tanh.
#include "op_gelu.h"

#include <math.h>

static const float ROOT = 0.79788456f, CUBE = 0.044715f;        // sqrt(2/pi)

// From y->grad to x->grad: added to it (+=), and skipped where it is NULL.
static void gelu_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) {
        float v = x->data[i];
        float u = ROOT * (v + CUBE * v * v * v);
        float e = expf(-2.0f * u);
        float du = ROOT * (1.0f + 3.0f * CUBE * v * v);
        x->grad[i] += y->grad[i] * (1.0f / (1.0f + e) + v * 2.0f * e / ((1.0f + e) * (1.0f + e)) * du);
    }
}

Tensor *op_gelu(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_gelu", x->ndim, x->shape, gelu_backward, (Tensor *[]){x, NULL});      // as x

    for (size_t i = 0; i < x->size; i++) {
        float v = x->data[i];
        y->data[i] = 0.5f * v * (1.0f + tanhf(ROOT * (v + CUBE * v * v * v)));
    }

    return y;
}
