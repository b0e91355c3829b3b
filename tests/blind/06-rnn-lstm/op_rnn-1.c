// wrong: the gradient that comes back from step t+1 goes through Wh transposed (wh[j*H + k] for wh[k*H + j]).
// op_rnn.c, your exercise: a memory that every step reads and writes.
//
// Read op_rnn.h in common/ first. Plain loops are right; gemm.h makes the products fast.
#include "op_rnn.h"
#include "recurrent.h"

#include <math.h>

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
    for (int t = T - 1; t >= 0; t--)
        for (int n = 0; n < B; n++) {
            const float *dy = y->grad + (t * B + n) * H, *h = y->data + (t * B + n) * H;
            float *d = s->dpre + (t * B + n) * H;
            const float *later = d + B * H;     // the same row, one step on
            for (int j = 0; j < H; j++) {
                float dh = dy[j];
                if (t < T - 1)
                    for (int k = 0; k < H; k++) dh += later[k] * wh->data[j * H + k];
                d[j] = dh * (1 - h[j] * h[j]);
            }
        }
    for (int t = 0; t < T; t++)
        for (int n = 0; n < B; n++) {
            int row = t * B + n;
            const float *d = s->dpre + row * H, *in = x->data + row * I, *before = s->h + row * H;
            for (int j = 0; j < H; j++) {
                for (int i = 0; i < I; i++) {
                    if (x->grad) x->grad[row * I + i] += d[j] * wx->data[j * I + i];
                    if (wx->grad) wx->grad[j * I + i] += d[j] * in[i];
                }
                if (wh->grad)
                    for (int k = 0; k < H; k++) wh->grad[j * H + k] += d[j] * before[k];
                if (b->grad) b->grad[j] += d[j];
            }
        }
}

Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_rnn", 1, x, wx, wh, b);
    int T = z.T, B = z.B, I = z.I, H = z.H;
    Tensor *y = tape_tensor(tape, "op_rnn", 3, (int[]){T, B, H}, rnn_backward, (Tensor *[]){x, wx, wh, b, NULL});    // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)((T + 1) * B * H)), tape_floats(tape, y->size)};
    y->data = s->h + B * H;         // y is the states without the first: the same memory

    for (int i = 0; i < B * H; i++) s->h[i] = state ? state[i] : 0;
    for (int t = 0; t < T; t++)
        for (int n = 0; n < B; n++) {
            const float *in = x->data + (t * B + n) * I, *before = s->h + (t * B + n) * H;
            float *h = s->h + ((t + 1) * B + n) * H;
            for (int j = 0; j < H; j++) {
                float a = b->data[j];
                for (int i = 0; i < I; i++) a += in[i] * wx->data[j * I + i];
                for (int k = 0; k < H; k++) a += before[k] * wh->data[j * H + k];
                h[j] = tanhf(a);
            }
        }
    if (state)
        for (int i = 0; i < B * H; i++) state[i] = s->h[T * B * H + i];

    return y;
}
