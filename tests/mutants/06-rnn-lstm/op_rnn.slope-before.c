// expect: the slope takes the state before the step
// op_rnn.c, a solution: a memory that every step reads and writes.
#include "op_rnn.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *dpre;            // (T,B,H) in backward: the gradient of what goes into each tanh
} Saved;

// From the last step to the first: dh_t = dy_t + dpre_(t+1) Wh,  dpre_t = dh_t (1 - h_t²). Then the weights, for all steps at once:
//     dx = dpre Wx,  dWx = dpreᵀ x,  dWh = dpreᵀ h_(t-1),  db = sum of the rows of dpre
static void rnn_backward(Tensor *y) {
    Tensor *x = y->in[0], *wx = y->in[1], *wh = y->in[2], *b = y->in[3];
    const Saved *s = y->saved;
    int T = s->size.T, B = s->size.B, I = s->size.I, H = s->size.H, N = T * B;
    for (int t = T - 1; t >= 0; t--) {
        float *dpre = s->dpre + t * B * H;
        const float *h = s->h + t * B * H;
        memcpy(dpre, y->grad + t * B * H, (size_t)(B * H) * sizeof *dpre);
        if (t + 1 < T) gemm('N', 'N', B, H, H, dpre + B * H, H, wh->data, H, 1, dpre, H);
        for (int i = 0; i < B * H; i++) dpre[i] *= 1 - h[i] * h[i];
    }
    if (x->grad) gemm('N', 'N', N, I, H, s->dpre, H, wx->data, I, 1, x->grad, I);
    if (wx->grad) gemm('T', 'N', H, I, N, s->dpre, H, x->data, I, 1, wx->grad, I);
    if (wh->grad) gemm('T', 'N', H, H, N, s->dpre, H, s->h, H, 1, wh->grad, H);
    for (int i = 0; b->grad && i < N * H; i++) b->grad[i % H] += s->dpre[i];
}

Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_rnn", 1, x, wx, wh, b);
    int T = z.T, B = z.B, I = z.I, H = z.H;
    Tensor *y = tape_tensor(tape, "op_rnn", 3, (int[]){T, B, H}, rnn_backward, (Tensor *[]){x, wx, wh, b, NULL});    // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)((T + 1) * B * H)), tape_floats(tape, y->size)};
    y->data = s->h + B * H;         // y is the states without the first: the same memory

    if (state) memcpy(s->h, state, (size_t)(B * H) * sizeof *state);
    else memset(s->h, 0, (size_t)(B * H) * sizeof *s->h);
    gemm('N', 'T', T * B, H, I, x->data, I, wx->data, I, 0, y->data, H);     // what x brings, for all steps at once
    for (int t = 0; t < T; t++) {
        const float *before = s->h + t * B * H;
        float *h = s->h + (t + 1) * B * H;
        gemm('N', 'T', B, H, H, before, H, wh->data, H, 1, h, H);
        for (int i = 0; i < B * H; i++) h[i] = tanhf(h[i] + b->data[i % H]);
    }
    if (state) memcpy(state, s->h + T * B * H, (size_t)(B * H) * sizeof *state);
    return y;
}
