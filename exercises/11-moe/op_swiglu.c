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
    (void)x;
    (void)N;
    (void)F;
    TODO("add to x->grad, for the gate and for what it lets through");
}

Tensor *op_swiglu(Tape *tape, Tensor *x) {
    int shape[TENSOR_DIMS], N = rows_of(x), F = last_of(x) / 2;
    CHECK(last_of(x) == 2 * F, "op_swiglu: x is %s from \"%s\"; want (...,2F): a gate and what it lets through", shape_text(x), x->name);
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = F;
    Tensor *y = tape_tensor(tape, "op_swiglu", x->ndim, shape, swiglu_backward, (Tensor *[]){x, NULL});     // (...,F)

    (void)N;
    TODO("every number of y: silu(gate) * up");

    return y;
}
