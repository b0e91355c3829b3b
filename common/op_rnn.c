// op_rnn.c, from lesson 06: a memory that every step reads and writes.
#include "op_rnn.h"
#include "gemm.h"
#include "recurrent.h"
#include "vectanh.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *pre;             // (T,B,H) what x brings to each step; in backward, the gradient of what goes into each tanh
} Saved;

// h_(t+1) = tanh(pre_t + h_t Whᵀ + b), of units from .. to-1
static void forward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    const float *wh = y->in[2]->data, *b = y->in[3]->data;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    float *pre = s->pre + (size_t)t * BH, *h = s->h + (size_t)t * BH;
    gemm('N', 'T', z.B, to - from, z.H, h, z.H, wh + (size_t)from * H, z.H, 1, pre + from, z.H);
    for (size_t n = 0; n < BH; n += H) {
#pragma omp simd
        for (int j = from; j < to; j++) h[BH + n + (size_t)j] = vec_tanh(pre[n + (size_t)j] + b[j]);
    }
}

// What the loss wants of h_t, by itself and through the next step:   dh_t = dy_t + dpre_(t+1) Wh      dpre_t = dh_t (1 - h_t²)
static void backward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    const float *out = y->data + (size_t)t * BH, *dy = y->grad + (size_t)t * BH;
    float *dpre = s->pre + (size_t)t * BH;
    for (size_t n = 0; n < BH; n += H) memcpy(dpre + n + from, dy + n + from, (size_t)(to - from) * sizeof *dpre);
    if (t + 1 < z.T) gemm('N', 'N', z.B, to - from, z.H, dpre + BH, z.H, y->in[2]->data + from, z.H, 1, dpre + from, z.H);
    for (size_t n = 0; n < BH; n += H) {
#pragma omp simd
        for (int j = from; j < to; j++) dpre[n + (size_t)j] *= 1 - out[n + (size_t)j] * out[n + (size_t)j];
    }
}

static void rnn_backward(Tensor *y) {
    const Saved *s = y->saved;
    recurrent_walk(y, s->size, true, backward_step);
    recurrent_backward(s->size, s->pre, s->pre, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_rnn", 1, x, wx, wh, b);
    Tensor *y = tape_tensor(tape, "op_rnn", 3, (int[]){z.T, z.B, z.H}, rnn_backward, (Tensor *[]){x, wx, wh, b, NULL});    // (T,B,H)
    size_t BH = (size_t)z.B * (size_t)z.H;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .h = recurrent_states(tape, z, state), .pre = tape_floats(tape, y->size)};
    y->data = s->h + BH;
    recurrent_inputs(z, x, wx, s->pre);
    recurrent_walk(y, z, false, forward_step);
    if (state) memcpy(state, s->h + (size_t)z.T * BH, BH * sizeof *state);
    return y;
}
