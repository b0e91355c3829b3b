// wrong: in backward the sum of dp p is not reset for each row: it is right for the first row only.
// op_softmax.c, your exercise: any numbers into probabilities.
//
// Read op_softmax.h in common/ first.
#include "op_softmax.h"

#include <math.h>

// From y->grad to x->grad; y->data still holds the probabilities.
static void softmax_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    int N = rows_of(y), V = last_of(y);
    float sum = 0;
    for (int n = 0; n < N; n++) {
        const float *p = y->data + n * V, *dp = y->grad + n * V;
        for (int j = 0; j < V; j++) sum += dp[j] * p[j];
        for (int j = 0; j < V; j++) x->grad[n * V + j] += p[j] * (dp[j] - sum);
    }
}

Tensor *op_softmax(Tape *tape, Tensor *x) {
    int N = rows_of(x), V = last_of(x);
    Tensor *y = tape_tensor(tape, "op_softmax", x->ndim, x->shape, softmax_backward, (Tensor *[]){x, NULL});    // (...,V)

    for (int n = 0; n < N; n++) {
        const float *in = x->data + n * V;
        float *out = y->data + n * V;
        float m = in[0];
        for (int j = 1; j < V; j++) if (in[j] > m) m = in[j];
        float sum = 0;
        for (int j = 0; j < V; j++) sum += out[j] = expf(in[j] - m);
        for (int j = 0; j < V; j++) out[j] /= sum;
    }

    return y;
}
