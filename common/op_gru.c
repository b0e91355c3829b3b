// op_gru.c, from lesson 06: a memory with two gates and no cell.
#include "op_gru.h"
#include "panel.h"
#include "recurrent.h"
#include "vecsigmoid.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,3H) r, z, n of each step; in backward, the gradient of what went into them
    Panel gates, wn, back;  // Wh's rows for r and z, and those for n, for the products of forward; all of it, for backward
    float *un;              // (T,B,H) h_(t-1) Unᵀ
    float *du;              // (T,B,3H) in backward, the gradient of what h_(t-1) was multiplied into
    float *dh;              // (2,B,H) in backward: the gradient of h_t for odd t, and for even ones
} Saved;

// One row of one step. gate: r, then z and n, H numbers further on each; before the gates' functions, and then after.
static void forward_row(size_t H, float *gate, const float *b, const float *un, const float *h, float *h_next) {
    float *r = gate, *z = gate + H, *n = gate + 2 * H;
#pragma omp simd
    for (size_t j = 0; j < H; j++) {
        r[j] = vec_sigmoid(r[j] + b[j]);
        z[j] = vec_sigmoid(z[j] + b[H + j]);
        n[j] = vec_tanh(n[j] + b[2 * H + j] + r[j] * un[j]);
        h_next[j] = (1 - z[j]) * n[j] + z[j] * h[j];
    }
}

static void forward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H, first = (size_t)t * BH + (size_t)from * H;
    float *h = s->h + first, *gate = s->gate + 3 * first, *un = s->un + first;
    panel_product(s->gates, to - from, h, z.H, true, gate, z.G);
    panel_product(s->wn, to - from, h, z.H, false, un, z.H);
    for (int n = from; n < to; n++, h += H, gate += 3 * H, un += H) forward_row(H, gate, y->in[3]->data, un, h, h + BH);
}

// One row of one step, back. dh: of h_t, complete; back: of h_(t-1), so far the part that goes through z * h_(t-1).
static void backward_row(size_t H, float *gate, const float *un, float *du, const float *h, const float *dh, float *back) {
    float *r = gate, *z = gate + H, *n = gate + 2 * H;
#pragma omp simd
    for (size_t j = 0; j < H; j++) {
        float dz = dh[j] * (h[j] - n[j]) * z[j] * (1 - z[j]);
        float dn = dh[j] * (1 - z[j]) * (1 - n[j] * n[j]);
        float dr = dn * un[j] * r[j] * (1 - r[j]);
        back[j] = dh[j] * z[j];
        du[j] = dr;
        du[H + j] = dz;
        du[2 * H + j] = dn * r[j];
        r[j] = dr;
        z[j] = dz;
        n[j] = dn;
    }
}

// dh_t = dy_t + dh_(t+1) * z_(t+1) + du_(t+1) Wh
static void backward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H, row = (size_t)from * H, first = (size_t)t * BH + row, n = (size_t)(to - from) * H;
    const float *h = s->h + first, *dy = y->grad + first, *un = s->un + first;
    float *gate = s->gate + 3 * first, *du = s->du + 3 * first, *dh = s->dh + (t % 2 ? BH : 0) + row, *back = s->dh + (t % 2 ? 0 : BH) + row;
    bool last = t + 1 == z.T;
#pragma omp simd
    for (size_t j = 0; j < n; j++) dh[j] = dy[j] + (last ? 0 : dh[j]);
    if (!last) panel_product(s->back, to - from, du + 3 * BH, z.G, true, dh, z.H);
    for (size_t i = 0; i < n; i += H) backward_row(H, gate + 3 * i, un + i, du + 3 * i, h + i, dh + i, back + i);
}

static void gru_backward(Tensor *y) {
    const Saved *s = y->saved;
    recurrent_walk(y, s->size, true, backward_step);
    recurrent_backward(s->size, s->gate, s->du, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_gru(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_gru", 3, x, wx, wh, b);
    Tensor *y = tape_tensor(tape, "op_gru", 3, (int[]){z.T, z.B, z.H}, gru_backward, (Tensor *[]){x, wx, wh, b, NULL});     // (T,B,H)
    size_t BH = (size_t)z.B * (size_t)z.H;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .h = recurrent_states(tape, z, state), .gate = tape_floats(tape, 3 * y->size), .un = tape_floats(tape, y->size)};
    if (tape->record) {
        s->back = panel_of_columns(tape, wh->data, z.G, z.H, z.H);
        s->du = tape_floats(tape, 3 * y->size);
        s->dh = tape_floats(tape, 2 * BH);
    }
    y->data = s->h + BH;
    s->gates = panel_of_rows(tape, wh->data, 2 * z.H, z.H, z.H);
    s->wn = panel_of_rows(tape, wh->data + 2 * (size_t)z.H * (size_t)z.H, z.H, z.H, z.H);
    recurrent_inputs(z, x, wx, s->gate);
    recurrent_walk(y, z, false, forward_step);
    if (state) memcpy(state, s->h + (size_t)z.T * BH, BH * sizeof *state);
    return y;
}
