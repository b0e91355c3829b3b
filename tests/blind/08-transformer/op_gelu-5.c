// wrong: beyond 4 and -4 it takes y = x and y = 0 with slope 1 and 0, as if the bend ended there; between -4 and about -5 y should be up to 0.00007 below 0 and the slope a little off 0 (and off 1 on the right).
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
        if (fabsf(v) > 4.0f) {
            if (v > 0) x->grad[i] += y->grad[i];
            continue;
        }
        float t = tanhf(ROOT * (v + CUBE * v * v * v));
        float du = ROOT * (1.0f + 3.0f * CUBE * v * v);
        x->grad[i] += y->grad[i] * (0.5f * (1.0f + t) + 0.5f * v * (1.0f - t * t) * du);
    }
}

Tensor *op_gelu(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_gelu", x->ndim, x->shape, gelu_backward, (Tensor *[]){x, NULL});      // as x

    for (size_t i = 0; i < x->size; i++) {
        float v = x->data[i];
        if (v > 4.0f) y->data[i] = v;
        else if (v < -4.0f) y->data[i] = 0.0f;
        else y->data[i] = 0.5f * v * (1.0f + tanhf(ROOT * (v + CUBE * v * v * v)));
    }

    return y;
}
