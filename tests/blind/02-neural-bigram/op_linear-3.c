// wrong: returns at once if x wants no gradient, so behind one-hot rows w and b get none either.
// op_linear.c, your exercise: a matrix product with learned weights, and a bias.
//
// Read op_linear.h in common/ first. Plain loops are right; gemm (gemm.h) is the same and many times faster.
#include "op_linear.h"
#include "gemm.h"

#include <string.h>

// From y->grad, (N,O), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void linear_backward(Tensor *y) {
    Tensor *x = y->in[0], *w = y->in[1], *b = y->in[2];     // b may be NULL
    int N = rows_of(x), I = w->shape[1], O = w->shape[0];
    if (!x->grad) return;
    for (int n = 0; n < N; n++)
        for (int o = 0; o < O; o++)
            for (int i = 0; i < I; i++) x->grad[n * I + i] += y->grad[n * O + o] * w->data[o * I + i];
    if (w->grad)
        for (int n = 0; n < N; n++)
            for (int o = 0; o < O; o++)
                for (int i = 0; i < I; i++) w->grad[o * I + i] += y->grad[n * O + o] * x->data[n * I + i];
    if (b && b->grad)
        for (int n = 0; n < N; n++)
            for (int o = 0; o < O; o++) b->grad[o] += y->grad[n * O + o];
}

Tensor *op_linear(Tape *tape, Tensor *x, Tensor *w, Tensor *b) {
    int N = rows_of(x), I = last_of(x), O = w->shape[0];
    CHECK(w->ndim == 2 && w->shape[1] == I && (!b || (int)b->size == O),
          "op_linear: x is %s from \"%s\", w is %s, b is %s; want (...,I), (O,I) and (O)", shape_text(x), x->name, shape_text(w), b ? shape_text(b) : "absent");
    int shape[TENSOR_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = O;
    Tensor *y = tape_tensor(tape, "op_linear", x->ndim, shape, linear_backward, (Tensor *[]){x, w, b, NULL});    // (...,O)

    for (int n = 0; n < N; n++)
        for (int o = 0; o < O; o++) {
            float sum = b ? b->data[o] : 0;
            for (int i = 0; i < I; i++) sum += x->data[n * I + i] * w->data[o * I + i];
            y->data[n * O + o] = sum;
        }

    return y;
}
