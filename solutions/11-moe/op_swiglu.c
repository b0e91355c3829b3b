// op_swiglu.c, a solution: one half decides how much of the other passes.
#include "op_swiglu.h"

#include <math.h>
#include <string.h>

// With s the sigmoid of the gate g:   dup += dy g s,  dg += dy up s (1 + g (1 - s)), for the slope of g s is s + g s (1 - s)
static void swiglu_backward(Tensor *y) {
    Tensor *x = y->in[0];
    int N = rows_of(y), F = last_of(y);
    for (int n = 0; n < N && x->grad; n++)
        for (int f = 0; f < F; f++) {
            int gate = n * 2 * F + f, up = gate + F;
            float dy = y->grad[n * F + f], g = x->data[gate], s = 1 / (1 + expf(-g));
            x->grad[up] += dy * g * s;
            x->grad[gate] += dy * x->data[up] * s * (1 + g * (1 - s));
        }
}

Tensor *op_swiglu(Tape *tape, Tensor *x) {
    int shape[TENSOR_DIMS], N = rows_of(x), F = last_of(x) / 2;
    CHECK(last_of(x) == 2 * F, "op_swiglu: x is %s from \"%s\"; want (...,2F): a gate and what it lets through", shape_text(x), x->name);
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = F;
    Tensor *y = tape_tensor(tape, "op_swiglu", x->ndim, shape, swiglu_backward, (Tensor *[]){x, NULL});     // (...,F)

    for (int n = 0; n < N; n++)
        for (int f = 0; f < F; f++) {
            float gate = x->data[n * 2 * F + f], up = x->data[n * 2 * F + F + f];
            y->data[n * F + f] = gate / (1 + expf(-gate)) * up;
        }
    return y;
}
