// wrong: returns as soon as x->grad is NULL, so the weights get no gradient when nobody wants that of x.
// op_rnn.c, your exercise: a memory that every step reads and writes.
//
// Read op_rnn.h in common/ first. Plain loops are right; gemm.h makes the products fast.
#include "op_rnn.h"
#include "gemm.h"
#include "recurrent.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *dpre;            // (T,B,H) room for backward: the gradient of what goes into each tanh
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void rnn_backward(Tensor *y) {
    Tensor *x = y->in[0], *wx = y->in[1], *wh = y->in[2], *b = y->in[3];
    const Saved *s = y->saved;
    int T = s->size.T, B = s->size.B, I = s->size.I, H = s->size.H;
    int one = B * H;
    for (int t = T - 1; t >= 0; t--) {
        float *d = s->dpre + t * one;
        const float *h = y->data + t * one;
        memcpy(d, y->grad + t * one, (size_t)one * sizeof *d);
        if (t + 1 < T) gemm('N', 'N', B, H, H, d + one, H, wh->data, H, 1, d, H);
        for (int i = 0; i < one; i++) d[i] *= 1 - h[i] * h[i];
    }
    int rows = T * B;
    if (!x->grad) return;
    gemm('N', 'N', rows, I, H, s->dpre, H, wx->data, I, 1, x->grad, I);
    if (wx->grad) gemm('T', 'N', H, I, rows, s->dpre, H, x->data, I, 1, wx->grad, I);
    if (wh->grad) gemm('T', 'N', H, H, rows, s->dpre, H, s->h, H, 1, wh->grad, H);
    if (b->grad)
        for (int r = 0; r < rows; r++)
            for (int j = 0; j < H; j++) b->grad[j] += s->dpre[r * H + j];
}

Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_rnn", 1, x, wx, wh, b);
    int T = z.T, B = z.B, I = z.I, H = z.H;
    Tensor *y = tape_tensor(tape, "op_rnn", 3, (int[]){T, B, H}, rnn_backward, (Tensor *[]){x, wx, wh, b, NULL});    // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)((T + 1) * B * H)), tape_floats(tape, y->size)};
    y->data = s->h + B * H;         // y is the states without the first: the same memory

    size_t bytes = (size_t)(B * H) * sizeof(float);
    if (state) memcpy(s->h, state, bytes);
    else memset(s->h, 0, bytes);
    gemm('N', 'T', T * B, H, I, x->data, I, wx->data, I, 0, y->data, H);
    for (int t = 0; t < T; t++) {
        const float *before = s->h + t * B * H;
        float *h = s->h + (t + 1) * B * H;
        gemm('N', 'T', B, H, H, before, H, wh->data, H, 1, h, H);
        for (int n = 0; n < B; n++)
            for (int j = 0; j < H; j++) h[n * H + j] = tanhf(h[n * H + j] + b->data[j]);
    }
    if (state) memcpy(state, s->h + T * B * H, bytes);

    return y;
}
