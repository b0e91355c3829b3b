// op_lstm.c, from lesson 06: a memory behind gates.
#include "op_lstm.h"
#include "panel.h"
#include "recurrent.h"
#include "vecsigmoid.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h, *c;           // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,4H) i, f, g, o of each step; in backward, the gradient of what went into them
    float *dh, *dc;         // (B,H) in backward: the gradients of h_t and c_t
    Panel wh, back;         // Wh for the products of forward; and of backward
} Saved;

// One row of one step. gate: i, then f, g, o, H numbers further on each; before the gates' functions, and then after.
static void forward_row(size_t H, float *gate, const float *b, const float *c, float *c_next, float *h_next) {
    float *i = gate, *f = gate + H, *g = gate + 2 * H, *o = gate + 3 * H;
#pragma omp simd
    for (size_t j = 0; j < H; j++) {
        i[j] = vec_sigmoid(i[j] + b[j]);
        f[j] = vec_sigmoid(f[j] + b[H + j]);
        g[j] = vec_tanh(g[j] + b[2 * H + j]);
        o[j] = vec_sigmoid(o[j] + b[3 * H + j]);
        c_next[j] = f[j] * c[j] + i[j] * g[j];
        h_next[j] = o[j] * vec_tanh(c_next[j]);
    }
}

static void forward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H, first = (size_t)t * BH + (size_t)from * H;
    float *h = s->h + first, *c = s->c + first, *gate = s->gate + 4 * first;
    panel_product(s->wh, to - from, h, z.H, true, gate, z.G);
    for (int n = from; n < to; n++, h += H, c += H, gate += 4 * H) forward_row(H, gate, y->in[3]->data, c, c + BH, h + BH);
}

// One row of one step, back. dh is what the loss wants of h_t, by itself and through the next step. So is dc, once the way
// through h_t = o * tanh(c_t) is added. Then every factor of a product gets the gradient times the other factor, and every gate
// passes it through its function: s' = s (1 - s), tanh' = 1 - tanh².
static void backward_row(size_t H, float *gate, const float *c, const float *c_next, const float *dh, float *dc) {
    float *i = gate, *f = gate + H, *g = gate + 2 * H, *o = gate + 3 * H;
#pragma omp simd
    for (size_t j = 0; j < H; j++) {
        float bent = vec_tanh(c_next[j]), d = dc[j] + dh[j] * o[j] * (1 - bent * bent);     // dc_t
        float di = d * g[j], df = d * c[j], dg = d * i[j], dout = dh[j] * bent;
        dc[j] = d * f[j];                                                                   // to c_(t-1)
        i[j] = di * i[j] * (1 - i[j]);
        f[j] = df * f[j] * (1 - f[j]);
        g[j] = dg * (1 - g[j] * g[j]);
        o[j] = dout * o[j] * (1 - o[j]);
    }
}

// dh_t = dy_t + dgate_(t+1) Wh
static void backward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H, first = (size_t)t * BH + (size_t)from * H, part = (size_t)(to - from) * H * sizeof(float);
    const float *c = s->c + first;
    float *gate = s->gate + 4 * first, *dh = s->dh + (size_t)from * H, *dc = s->dc + (size_t)from * H;
    memcpy(dh, y->grad + first, part);
    if (t + 1 < z.T) panel_product(s->back, to - from, gate + 4 * BH, z.G, true, dh, z.H);
    else memset(dc, 0, part);
    for (int n = from; n < to; n++, c += H, gate += 4 * H, dh += H, dc += H) backward_row(H, gate, c, c + BH, dh, dc);
}

static void lstm_backward(Tensor *y) {
    const Saved *s = y->saved;
    recurrent_walk(y, s->size, true, backward_step);
    recurrent_backward(s->size, s->gate, s->gate, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_lstm(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_lstm", 4, x, wx, wh, b);
    Tensor *y = tape_tensor(tape, "op_lstm", 3, (int[]){z.T, z.B, z.H}, lstm_backward, (Tensor *[]){x, wx, wh, b, NULL});   // (T,B,H)
    size_t BH = (size_t)z.B * (size_t)z.H;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .h = recurrent_states(tape, z, state), .c = recurrent_states(tape, z, state ? state + BH : NULL), .gate = tape_floats(tape, 4 * y->size)};
    if (tape->record) {
        s->back = panel_of_columns(tape, wh->data, z.G, z.H, z.H);
        s->dh = tape_floats(tape, BH);
        s->dc = tape_floats(tape, BH);
    }
    y->data = s->h + BH;
    s->wh = panel_of_rows(tape, wh->data, z.G, z.H, z.H);
    recurrent_inputs(z, x, wx, s->gate);
    recurrent_walk(y, z, false, forward_step);
    if (state) {
        memcpy(state, s->h + (size_t)z.T * BH, BH * sizeof *state);
        memcpy(state + BH, s->c + (size_t)z.T * BH, BH * sizeof *state);
    }
    return y;
}
