// wrong: the gradient of x forgets the dilation: it comes from place p + (K-1-k).
// op_conv1d.c, your exercise: the same small window of weights at every place in time, looking back only.
//
// Read op_conv1d.h in common/ first. Plain loops are right.
#include "op_conv1d.h"

// What forward leaves for backward.
typedef struct {
    int K, dilation;
} Saved;

// From y->grad, (B,T,O), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void conv1d_backward(Tensor *y) {
    Tensor *x = y->in[0], *w = y->in[1], *bias = y->in[2];      // bias may be NULL
    const Saved *s = y->saved;
    int B = x->shape[0], T = x->shape[1], I = x->shape[2], O = w->shape[0];
    int K = s->K, dilation = s->dilation;
    if (x->grad)
        for (int b = 0; b < B; b++)
            for (int p = 0; p < T; p++)
                for (int k = 0; k < K; k++) {
                    int t = p + (K - 1 - k);
                    if (t >= T) continue;
                    for (int o = 0; o < O; o++)
                        for (int i = 0; i < I; i++) x->grad[(b * T + p) * I + i] += w->data[(o * K + k) * I + i] * y->grad[(b * T + t) * O + o];
                }
    if (w->grad)
        for (int b = 0; b < B; b++)
            for (int t = 0; t < T; t++)
                for (int k = 0; k < K; k++) {
                    int from = t - (K - 1 - k) * dilation;
                    if (from < 0) continue;
                    for (int o = 0; o < O; o++)
                        for (int i = 0; i < I; i++) w->grad[(o * K + k) * I + i] += y->grad[(b * T + t) * O + o] * x->data[(b * T + from) * I + i];
                }
    if (bias && bias->grad)
        for (int r = 0; r < B * T; r++)
            for (int o = 0; o < O; o++) bias->grad[o] += y->grad[r * O + o];
}

Tensor *op_conv1d(Tape *tape, Tensor *x, Tensor *w, Tensor *bias, int K, int dilation) {
    CHECK(x->ndim == 3 && w->ndim == 2 && K > 0 && dilation > 0 && w->shape[1] == K * x->shape[2] && (!bias || (int)bias->size == w->shape[0]),
          "op_conv1d: x is %s from \"%s\", w is %s, bias is %s, K is %d, dilation %d; want (B,T,I), (O,K*I), (O), and both at least 1",
          shape_text(x), x->name, shape_text(w), bias ? shape_text(bias) : "absent", K, dilation);
    int B = x->shape[0], T = x->shape[1], I = x->shape[2], O = w->shape[0];
    Tensor *y = tape_tensor(tape, "op_conv1d", 3, (int[]){B, T, O}, conv1d_backward, (Tensor *[]){x, w, bias, NULL});    // (B,T,O)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){K, dilation};

    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++)
            for (int o = 0; o < O; o++) {
                float sum = bias ? bias->data[o] : 0;
                for (int k = 0; k < K; k++) {
                    int from = t - (K - 1 - k) * dilation;
                    if (from < 0) continue;         // before the first place: 0
                    for (int i = 0; i < I; i++) sum += w->data[o * K * I + k * I + i] * x->data[(b * T + from) * I + i];
                }
                y->data[(b * T + t) * O + o] = sum;
            }

    return y;
}
