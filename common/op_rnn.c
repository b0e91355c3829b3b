// op_rnn.c, from lesson 06: a memory that every step reads and writes.
#include "op_rnn.h"
#include "panel.h"
#include "recurrent.h"
#include "vectanh.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    Panel wh, back;         // Wh for the products of forward; and of backward
    float *pre;             // (T,B,H) what x brings to each step; in backward, the gradient of what goes into each tanh
} Saved;

// h_(t+1) = tanh(pre_t + h_t Whᵀ + b), of the rows from .. to-1
static void forward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    int H = s->size.H;
    const float *b = y->in[3]->data;
    size_t BH = (size_t)s->size.B * (size_t)H, first = (size_t)t * BH + (size_t)from * (size_t)H;
    float *pre = s->pre + first, *h = s->h + first;
    panel_product(s->wh, to - from, h, H, true, pre, H);
    for (int n = from; n < to; n++, pre += H, h += H) {
#pragma omp simd
        for (int j = 0; j < H; j++) h[BH + (size_t)j] = vec_tanh(pre[j] + b[j]);
    }
}

// What the loss wants of h_t, by itself and through the next step:   dh_t = dy_t + dpre_(t+1) Wh      dpre_t = dh_t (1 - h_t²)
static void backward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    size_t H = (size_t)s->size.H, BH = (size_t)s->size.B * H, first = (size_t)t * BH + (size_t)from * H, n = (size_t)(to - from) * H;
    const float *out = y->data + first;
    float *dpre = s->pre + first;
    memcpy(dpre, y->grad + first, n * sizeof *dpre);
    if (t + 1 < s->size.T) panel_product(s->back, to - from, dpre + BH, s->size.H, true, dpre, s->size.H);
#pragma omp simd
    for (size_t j = 0; j < n; j++) dpre[j] *= 1 - out[j] * out[j];
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
    s->wh = panel_of_rows(tape, wh->data, z.H, z.H, z.H);
    if (tape->record) s->back = panel_of_columns(tape, wh->data, z.H, z.H, z.H);
    recurrent_inputs(z, x, wx, s->pre);
    recurrent_walk(y, z, false, forward_step);
    if (state) memcpy(state, s->h + (size_t)z.T * BH, BH * sizeof *state);
    return y;
}
