// wrong: it is the exact form with erf, curve and slope, and not the form with tanh that the header asks for; y differs by up to 0.0005, most around |x| = 2 to 3.
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
        float phi = 0.5f * (1.0f + erff(v * 0.70710678f));
        float density = 0.5f * ROOT * expf(-0.5f * v * v);      // 1 / sqrt(2 pi) is ROOT / 2
        x->grad[i] += y->grad[i] * (phi + v * density);
    }
}

Tensor *op_gelu(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_gelu", x->ndim, x->shape, gelu_backward, (Tensor *[]){x, NULL});      // as x

    (void)CUBE;
    for (size_t i = 0; i < x->size; i++) y->data[i] = 0.5f * x->data[i] * (1.0f + erff(x->data[i] * 0.70710678f));

    return y;
}
