// op_conv1d.c, from lesson 05: the same small window of weights at every place in time, looking back only.
#include "op_conv1d.h"
#include "gemm.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    int K, dilation;
    float *taps;            // (B*T, K*I) row (b,t): the K inputs that y[b][t] sees, the oldest first
    float *dtaps;           // (B*T, K*I) their gradient, in backward
} Saved;

// Where tap k of place t is, or -1: before the beginning.
static int source(int t, int k, int K, int dilation) {
    int s = t - (K - 1 - k) * dilation;
    return s < 0 ? -1 : s;
}

// With the taps as rows: y = taps Wᵀ + bias, so
//     dW = dyᵀ taps      dbias = sum of rows of dy      dtaps = dy W, and each tap's gradient goes to the x that it was copied from
static void conv1d_backward(Tensor *y) {
    Tensor *x = y->in[0], *w = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int B = x->shape[0], T = x->shape[1], I = x->shape[2], O = w->shape[0], N = B * T, KI = s->K * I;
    if (w->grad) gemm('T', 'N', O, KI, N, y->grad, O, s->taps, KI, 1, w->grad, KI);
    for (int n = 0; bias && bias->grad && n < N; n++)
        for (int o = 0; o < O; o++) bias->grad[o] += y->grad[(size_t)n * (size_t)O + (size_t)o];
    if (!x->grad) return;
    gemm('N', 'N', N, KI, O, y->grad, O, w->data, KI, 0, s->dtaps, KI);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < s->K; k++) {
            int from = source(n % T, k, s->K, s->dilation);
            if (from < 0) continue;
            const float *dtap = s->dtaps + ((size_t)n * (size_t)s->K + (size_t)k) * (size_t)I;
            float *dx = x->grad + ((size_t)(n - n % T) + (size_t)from) * (size_t)I;
#pragma omp simd
            for (int i = 0; i < I; i++) dx[i] += dtap[i];
        }
}

Tensor *op_conv1d(Tape *tape, Tensor *x, Tensor *w, Tensor *bias, int K, int dilation) {
    CHECK(x->ndim == 3 && w->ndim == 2 && K > 0 && dilation > 0 && w->shape[1] == K * x->shape[2] && (!bias || (int)bias->size == w->shape[0]),
          "op_conv1d: x is %s from \"%s\", w is %s, bias is %s, K is %d, dilation %d; want (B,T,I), (O,K*I), (O), and both at least 1",
          shape_text(x), x->name, shape_text(w), bias ? shape_text(bias) : "absent", K, dilation);
    int B = x->shape[0], T = x->shape[1], I = x->shape[2], O = w->shape[0], N = B * T, KI = K * I;
    Tensor *y = tape_tensor(tape, "op_conv1d", 3, (int[]){B, T, O}, conv1d_backward, (Tensor *[]){x, w, bias, NULL});    // (B,T,O)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){K, dilation, tape_floats(tape, (size_t)N * (size_t)KI), tape->record ? tape_floats(tape, (size_t)N * (size_t)KI) : NULL};
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) {
            int from = source(n % T, k, K, dilation);
            float *tap = s->taps + ((size_t)n * (size_t)K + (size_t)k) * (size_t)I;
            if (from < 0) memset(tap, 0, (size_t)I * sizeof *tap);
            else memcpy(tap, x->data + ((size_t)(n - n % T) + (size_t)from) * (size_t)I, (size_t)I * sizeof *tap);
        }
    for (int n = 0; bias && n < N; n++) memcpy(y->data + (size_t)n * (size_t)O, bias->data, (size_t)O * sizeof(float));
    gemm('N', 'T', N, O, KI, s->taps, KI, w->data, KI, bias != NULL, y->data, O);
    return y;
}
