// op_swiglu.c, from lesson 11: one half decides how much of the other passes.
#include "op_swiglu.h"
#include "rows.h"
#include "vecsigmoid.h"

#include <string.h>

// With s = sigmoid(g):   dup = dy g s      dg = dy up s (1 + g (1 - s))      since d(g s)/dg = s + g s (1 - s)
static void backward_row(Tensor *y, int n) {
    size_t F = (size_t)last_of(y), at = (size_t)n * 2 * F;
    const float *gate = y->in[0]->data + at, *up = gate + F, *dy = y->grad + (size_t)n * F;
    float *dgate = y->in[0]->grad + at, *dup = dgate + F;
#pragma omp simd
    for (size_t f = 0; f < F; f++) {
        float g = gate[f], s = vec_sigmoid(g);
        dup[f] += dy[f] * g * s;
        dgate[f] += dy[f] * up[f] * s * (1 + g * (1 - s));
    }
}

static void swiglu_backward(Tensor *y) {
    if (y->in[0]->grad) rows_each(y, rows_of(y), 8 * y->size, backward_row);
}

static void forward_row(Tensor *y, int n) {
    size_t F = (size_t)last_of(y);
    const float *gate = y->in[0]->data + (size_t)n * 2 * F, *up = gate + F;
    float *out = y->data + (size_t)n * F;
#pragma omp simd
    for (size_t f = 0; f < F; f++) out[f] = gate[f] * vec_sigmoid(gate[f]) * up[f];
}

Tensor *op_swiglu(Tape *tape, Tensor *x) {
    int shape[TENSOR_DIMS], F = last_of(x) / 2;
    CHECK(last_of(x) == 2 * F, "op_swiglu: x is %s from \"%s\"; want (...,2F): a gate and what it lets through", shape_text(x), x->name);
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = F;
    Tensor *y = tape_tensor(tape, "op_swiglu", x->ndim, shape, swiglu_backward, (Tensor *[]){x, NULL});     // (...,F)
    rows_each(y, rows_of(y), 4 * y->size, forward_row);
    return y;
}
