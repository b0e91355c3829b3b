// op_linear.c, from lesson 02: a matrix product with learned weights, and a bias.
#include "op_linear.h"
#include "gemm.h"

#include <string.h>

// y = x Wᵀ + b        y[n][o] = sum_i x[n][i] w[o][i] + b[o]
// dx = dy W           dx[n][i] = sum_o dy[n][o] w[o][i]         since dy[n][o]/dx[n][i] = w[o][i]
// dW = dyᵀ x          dw[o][i] = sum_n dy[n][o] x[n][i]         every row of x used the same w
// db = sum of rows    db[o]    = sum_n dy[n][o]
static void linear_backward(Tensor *y) {
    Tensor *x = y->in[0], *w = y->in[1], *b = y->in[2];
    int N = rows_of(x), I = w->shape[1], O = w->shape[0];
    if (x->grad) gemm('N', 'N', N, I, O, y->grad, O, w->data, I, 1, x->grad, I);
    if (w->grad) gemm('T', 'N', O, I, N, y->grad, O, x->data, I, 1, w->grad, I);
    if (b && b->grad)
        for (int n = 0; n < N; n++) {
            const float *dy = y->grad + (size_t)n * (size_t)O;
#pragma omp simd
            for (int o = 0; o < O; o++) b->grad[o] += dy[o];
        }
}

Tensor *op_linear(Tape *tape, Tensor *x, Tensor *w, Tensor *b) {
    int N = rows_of(x), I = last_of(x), O = w->shape[0];
    CHECK(w->ndim == 2 && w->shape[1] == I && (!b || (int)b->size == O),
          "op_linear: x is %s from \"%s\", w is %s, b is %s; want (...,I), (O,I) and (O)", shape_text(x), x->name, shape_text(w), b ? shape_text(b) : "absent");
    int shape[TENSOR_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    shape[x->ndim - 1] = O;
    Tensor *y = tape_tensor(tape, "op_linear", x->ndim, shape, linear_backward, (Tensor *[]){x, w, b, NULL});    // (...,O)
    for (int n = 0; b && n < N; n++) memcpy(y->data + (size_t)n * (size_t)O, b->data, (size_t)O * sizeof(float));
    gemm('N', 'T', N, O, I, x->data, I, w->data, I, b != NULL, y->data, O);
    return y;
}
