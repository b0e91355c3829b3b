// op_rnn.c, from lesson 06: a memory that every step reads and writes.
#include "op_rnn.h"
#include "gemm.h"
#include "recurrent.h"
#include "vectanh.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    const float *h;         // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *dpre;            // (T,B,H) the gradient of what goes into each tanh
    float *back;            // (B,H) the gradient that a step passes back to the one before
} Saved;

// From the last step to the first. With dh_t = what the loss wants of h_t + what step t+1 passes back:
//     dpre_t = dh_t (1 - h_t²)      and it passes back dpre_t Wh
// All else is for all steps at once: recurrent_backward.
static void rnn_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t BH = (size_t)z.B * (size_t)z.H;
    memset(s->back, 0, BH * sizeof *s->back);
    for (int t = z.T - 1; t >= 0; t--) {
        const float *h = y->data + (size_t)t * BH, *dy = y->grad + (size_t)t * BH;
        float *dpre = s->dpre + (size_t)t * BH;
#pragma omp simd
        for (size_t i = 0; i < BH; i++) dpre[i] = (dy[i] + s->back[i]) * (1 - h[i] * h[i]);
        gemm('N', 'N', z.B, z.H, z.H, dpre, z.H, y->in[2]->data, z.H, 0, s->back, z.H);
    }
    recurrent_backward(z, s->dpre, s->dpre, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_rnn", 1, x, wx, wh, b);
    Tensor *y = tape_tensor(tape, "op_rnn", 3, (int[]){z.T, z.B, z.H}, rnn_backward, (Tensor *[]){x, wx, wh, b, NULL});    // (T,B,H)
    size_t BH = (size_t)z.B * (size_t)z.H;
    float *h = recurrent_states(tape, z, state);
    y->data = h + BH;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .h = h};
    if (tape->record) {
        s->dpre = tape_floats(tape, y->size);
        s->back = tape_floats(tape, BH);
    }
    recurrent_inputs(z, x, wx, b, y->data);
    for (int t = 0; t < z.T; t++, h += BH) {
        float *next = h + BH;
        gemm('N', 'T', z.B, z.H, z.H, h, z.H, wh->data, z.H, 1, next, z.H);
#pragma omp simd
        for (size_t i = 0; i < BH; i++) next[i] = vec_tanh(next[i]);
    }
    if (state) memcpy(state, h, BH * sizeof *state);
    return y;
}
