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
    (void)b;
    (void)N;
    (void)I;
    (void)O;
    TODO("add to x->grad (N,I), w->grad (O,I) and b->grad (O)");
}

Tensor *op_linear(Tape *tape, Tensor *x, Tensor *w, Tensor *b) {
    int N = rows_of(x), I = last_of(x), O = w->shape[0];
    CHECK(w->ndim == 2 && w->shape[1] == I && (!b || (int)b->size == O),
          "op_linear: x is %s from \"%s\", w is %s, b is %s; want (...,I), (O,I) and (O)", shape_text(x), x->name, shape_text(w), b ? shape_text(b) : "absent");
    int shape[TENSOR_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = O;
    Tensor *y = tape_tensor(tape, "op_linear", x->ndim, shape, linear_backward, (Tensor *[]){x, w, b, NULL});    // (...,O)

    (void)N;
    TODO("y[n][o] = sum over i of x[n][i] w[o][i], plus b[o] if there is a b");

    return y;
}
