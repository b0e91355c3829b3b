// op_softmax.c, from lesson 02: any numbers into probabilities.
#include "op_softmax.h"
#include "vecmath.h"

// dy_j/dx_i = y_j (1[i=j] - y_i), so
// dx_i = sum_j dy_j y_j (1[i=j] - y_i) = y_i (dy_i - sum_j dy_j y_j)
static void softmax_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    int N = rows_of(y), V = last_of(y);
#pragma omp parallel for if (y->size > 65536)
    for (int n = 0; n < N; n++) {
        const float *p = y->data + (size_t)n * (size_t)V, *dy = y->grad + (size_t)n * (size_t)V;
        float *dx = x->grad + (size_t)n * (size_t)V, dot = 0;
#pragma omp simd reduction(+ : dot)
        for (int j = 0; j < V; j++) dot += dy[j] * p[j];
#pragma omp simd
        for (int i = 0; i < V; i++) dx[i] += p[i] * (dy[i] - dot);
    }
}

Tensor *op_softmax(Tape *tape, Tensor *x) {
    int N = rows_of(x), V = last_of(x);
    Tensor *y = tape_tensor(tape, "op_softmax", x->ndim, x->shape, softmax_backward, (Tensor *[]){x, NULL});    // (...,V)
#pragma omp parallel for if (y->size > 65536)
    for (int n = 0; n < N; n++) {
        const float *in = x->data + (size_t)n * (size_t)V;
        float *out = y->data + (size_t)n * (size_t)V, most = in[0], sum = 0;
        for (int j = 1; j < V; j++) most = in[j] > most ? in[j] : most;     // exp(x - most) cannot overflow
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < V; j++) sum += out[j] = vec_exp(in[j] - most);
#pragma omp simd
        for (int j = 0; j < V; j++) out[j] /= sum;
    }
    return y;
}
