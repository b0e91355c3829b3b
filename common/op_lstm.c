// op_lstm.c, from lesson 06: a memory behind gates.
#include "op_lstm.h"
#include "gemm.h"
#include "recurrent.h"
#include "vecsigmoid.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    const float *h, *c;     // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,4H) i, f, g, o of each step; in backward, the gradient of what went into them
    float *dh, *dc;         // (B,H) the gradients that a step passes back to the one before
} Saved;

// One row of one step. gate: 4H numbers before the gates' functions, and then after.
static void forward_row(int H, float *gate, const float *c, float *c_next, float *h_next) {
    float *i = gate, *f = gate + H, *g = gate + 2 * H, *o = gate + 3 * H;
#pragma omp simd
    for (int j = 0; j < H; j++) {
        i[j] = vec_sigmoid(i[j]);
        f[j] = vec_sigmoid(f[j]);
        g[j] = vec_tanh(g[j]);
        o[j] = vec_sigmoid(o[j]);
        c_next[j] = f[j] * c[j] + i[j] * g[j];
        h_next[j] = o[j] * vec_tanh(c_next[j]);
    }
}

// One row of one step, back. dh is complete when this begins: what the loss wants of h_t and what step t+1 passed back. So is dc, once
// the way through h_t = o * tanh(c_t) is added. Then every factor of a product gets the gradient times the other factor, and every
// gate passes it through its function: s' = s (1 - s), tanh' = 1 - tanh².
static void backward_row(int H, float *gate, const float *c, const float *c_next, const float *dh, float *dc) {
    float *i = gate, *f = gate + H, *g = gate + 2 * H, *o = gate + 3 * H;
#pragma omp simd
    for (int j = 0; j < H; j++) {
        float bent = vec_tanh(c_next[j]), d = dc[j] + dh[j] * o[j] * (1 - bent * bent);     // dc_t
        float di = d * g[j], df = d * c[j], dg = d * i[j], dout = dh[j] * bent;
        dc[j] = d * f[j];                                                                   // to c_(t-1)
        i[j] = di * i[j] * (1 - i[j]);
        f[j] = df * f[j] * (1 - f[j]);
        g[j] = dg * (1 - g[j] * g[j]);
        o[j] = dout * o[j] * (1 - o[j]);
    }
}

static void lstm_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    memset(s->dh, 0, BH * sizeof *s->dh);
    memset(s->dc, 0, BH * sizeof *s->dc);
    for (int t = z.T - 1; t >= 0; t--) {
        const float *c = s->c + (size_t)t * BH, *dy = y->grad + (size_t)t * BH;
        float *gate = s->gate + (size_t)t * 4 * BH;
#pragma omp simd
        for (size_t i = 0; i < BH; i++) s->dh[i] += dy[i];
        for (size_t b = 0; b < (size_t)z.B; b++) backward_row(z.H, gate + b * 4 * H, c + b * H, c + BH + b * H, s->dh + b * H, s->dc + b * H);
        gemm('N', 'N', z.B, z.H, z.G, gate, z.G, y->in[2]->data, z.H, 0, s->dh, z.H);       // to h_(t-1)
    }
    recurrent_backward(z, s->gate, s->gate, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_lstm(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_lstm", 4, x, wx, wh, b);
    Tensor *y = tape_tensor(tape, "op_lstm", 3, (int[]){z.T, z.B, z.H}, lstm_backward, (Tensor *[]){x, wx, wh, b, NULL});   // (T,B,H)
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    float *h = recurrent_states(tape, z, state), *c = recurrent_states(tape, z, state ? state + BH : NULL);
    y->data = h + BH;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .h = h, .c = c, .gate = tape_floats(tape, 4 * y->size)};
    if (tape->record) {
        s->dh = tape_floats(tape, BH);
        s->dc = tape_floats(tape, BH);
    }
    recurrent_inputs(z, x, wx, b, s->gate);
    for (int t = 0; t < z.T; t++, h += BH, c += BH) {
        float *gate = s->gate + (size_t)t * 4 * BH;
        gemm('N', 'T', z.B, z.G, z.H, h, z.H, wh->data, z.H, 1, gate, z.G);
        for (size_t n = 0; n < (size_t)z.B; n++) forward_row(z.H, gate + n * 4 * H, c + n * H, c + BH + n * H, h + BH + n * H);
    }
    if (state) {
        memcpy(state, h, BH * sizeof *state);
        memcpy(state + BH, c, BH * sizeof *state);
    }
    return y;
}
