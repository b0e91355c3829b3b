// expect: bias may be NULL
#include "op_conv1d.h"

// What forward leaves for backward.
typedef struct {
    int K, dilation;
} Saved;

// Every product of forward, y += w x, gives two: dx += dy w and dw += dy x.
static void conv1d_backward(Tensor *y) {
    Tensor *x = y->in[0], *w = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int B = x->shape[0], T = x->shape[1], I = x->shape[2], O = w->shape[0];
    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++)
            for (int o = 0; o < O; o++) {
                float dy = y->grad[(b * T + t) * O + o];
                if (bias && bias->grad) bias->grad[o] += dy;
                for (int k = 0; k < s->K; k++) {
                    int from = t - (s->K - 1 - k) * s->dilation;
                    for (int i = 0; i < I && from >= 0; i++) {
                        int at_x = (b * T + from) * I + i, at_w = (o * s->K + k) * I + i;
                        if (x->grad) x->grad[at_x] += dy * w->data[at_w];
                        if (w->grad) w->grad[at_w] += dy * x->data[at_x];
                    }
                }
            }
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
                float sum = bias->data[o];
                for (int k = 0; k < K; k++) {
                    int from = t - (K - 1 - k) * dilation;      // before the first place x counts as 0
                    for (int i = 0; i < I && from >= 0; i++) sum += w->data[(o * K + k) * I + i] * x->data[(b * T + from) * I + i];
                }
                y->data[(b * T + t) * O + o] = sum;
            }
    return y;
}
