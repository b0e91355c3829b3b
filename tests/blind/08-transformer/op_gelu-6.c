// wrong: backward walks over shape[0] rows of the last dimension, so with three or four dimensions most of the gradient stays 0; one and two dimensions are right.
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
    int N = x->ndim > 1 ? x->shape[0] : 1, C = last_of(x);
    for (int n = 0; n < N; n++) {
        for (int c = 0; c < C; c++) {
            size_t i = (size_t)n * C + c;
            float v = x->data[i];
            float t = tanhf(ROOT * (v + CUBE * v * v * v));
            float du = ROOT * (1.0f + 3.0f * CUBE * v * v);
            x->grad[i] += y->grad[i] * (0.5f * (1.0f + t) + 0.5f * v * (1.0f - t * t) * du);
        }
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
