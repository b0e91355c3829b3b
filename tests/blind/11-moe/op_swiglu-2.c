// wrong: the slope of the sigmoid is e^-g / (1 + e^-g)², not s (1 - s), and that is infinity by infinity with a gate below -88.7, as -100: NaN in the gate's gradient, which should be 0.
// op_swiglu.c, your exercise: one half decides how much of the other passes.
//
// Read op_swiglu.h in common/ first.
#include "op_swiglu.h"

#include <math.h>
#include <string.h>

// From y->grad, (N,F), to both halves of x->grad, (N,2F): added (+=), and skipped where it is NULL.
static void swiglu_backward(Tensor *y) {
    Tensor *x = y->in[0];
    int N = rows_of(y), F = last_of(y);
    if (!x->grad) return;
    for (int n = 0; n < N; n++)
        for (int f = 0; f < F; f++) {
            int gate = n * 2 * F + f, up = gate + F;
            float dy = y->grad[n * F + f], g = x->data[gate], e = expf(-g), s = 1 / (1 + e), slope = e / ((1 + e) * (1 + e));
            x->grad[up] += dy * g * s;
            x->grad[gate] += dy * x->data[up] * (s + g * slope);
        }
}

Tensor *op_swiglu(Tape *tape, Tensor *x) {
    int shape[TENSOR_DIMS], N = rows_of(x), F = last_of(x) / 2;
    CHECK(last_of(x) == 2 * F, "op_swiglu: x is %s from \"%s\"; want (...,2F): a gate and what it lets through", shape_text(x), x->name);
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = F;
    Tensor *y = tape_tensor(tape, "op_swiglu", x->ndim, shape, swiglu_backward, (Tensor *[]){x, NULL});     // (...,F)

    for (int n = 0; n < N; n++) {
        const float *gate = x->data + n * 2 * F, *up = gate + F;
        for (int f = 0; f < F; f++) y->data[n * F + f] = gate[f] / (1 + expf(-gate[f])) * up[f];
    }

    return y;
}
