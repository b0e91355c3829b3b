// wrong: without a bias y is never set to zero before the product is added to it, though its values are not yet set.
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
    if (x->grad) gemm('N', 'N', N, I, O, y->grad, O, w->data, I, 1, x->grad, I);
    if (w->grad) gemm('T', 'N', O, I, N, y->grad, O, x->data, I, 1, w->grad, I);
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

    if (b)
        for (int n = 0; n < N; n++) memcpy(y->data + n * O, b->data, (size_t)O * sizeof *y->data);
    gemm('N', 'T', N, O, I, x->data, I, w->data, I, 1, y->data, O);

    return y;
}
