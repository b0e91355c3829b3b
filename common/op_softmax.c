// op_softmax.c, from lesson 02: any numbers into probabilities.
#include "op_softmax.h"
#include "rows.h"
#include "softmax_rows.h"

// dy_j/dx_i = y_j (1[i=j] - y_i), so
// dx_i = sum_j dy_j y_j (1[i=j] - y_i) = y_i (dy_i - sum_j dy_j y_j)
static void backward_row(Tensor *y, int n) {
    int V = last_of(y);
    const float *p = y->data + (size_t)n * (size_t)V, *dy = y->grad + (size_t)n * (size_t)V;
    float *dx = y->in[0]->grad + (size_t)n * (size_t)V, dot = 0;
#pragma omp simd reduction(+ : dot)
    for (int j = 0; j < V; j++) dot += dy[j] * p[j];
#pragma omp simd
    for (int i = 0; i < V; i++) dx[i] += p[i] * (dy[i] - dot);
}

static void softmax_backward(Tensor *y) {
    if (y->in[0]->grad) rows_each(y, rows_of(y), y->size, backward_row);
}

Tensor *op_softmax(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_softmax", x->ndim, x->shape, softmax_backward, (Tensor *[]){x, NULL});    // (...,V)
    softmax_rows(x->data, rows_of(x), last_of(x), y->data, NULL);
    return y;
}
