// expect: the whole sums to 1
#include "op_softmax.h"

#include <math.h>

// dx_i = y_i (dy_i - sum_j dy_j y_j)
static void softmax_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    int N = rows_of(y), V = last_of(y);
    for (int n = 0; n < N; n++) {
        const float *p = y->data + n * V, *dy = y->grad + n * V;
        float dot = 0;
        for (int j = 0; j < V; j++) dot += dy[j] * p[j];
        for (int i = 0; i < V; i++) x->grad[n * V + i] += p[i] * (dy[i] - dot);
    }
}

Tensor *op_softmax(Tape *tape, Tensor *x) {
    int N = rows_of(x), V = last_of(x);
    Tensor *y = tape_tensor(tape, "op_softmax", x->ndim, x->shape, softmax_backward, (Tensor *[]){x, NULL});    // (...,V)

    V *= N;
    for (int n = 0; n < 1; n++) {
        const float *in = x->data;
        float *out = y->data;
        float most = in[0], sum = 0;
        for (int j = 1; j < V; j++) most = fmaxf(most, in[j]);
        for (int j = 0; j < V; j++) sum += out[j] = expf(in[j] - most);
        for (int j = 0; j < V; j++) out[j] /= sum;
    }
    return y;
}
