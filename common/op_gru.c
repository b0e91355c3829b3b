// op_gru.c, from lesson 06: a memory with two gates and no cell.
#include "op_gru.h"
#include "gemm.h"
#include "recurrent.h"
#include "vecsigmoid.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    float *h;               // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,3H) r, z, n of each step; in backward, the gradient of what went into them
    float *un;              // (T,B,H) h_(t-1) Unᵀ
    float *du;              // (T,B,3H) in backward, the gradient of what h_(t-1) was multiplied into
    float *dh;              // (2,B,H) in backward: the gradient of h_t for odd t, and for even ones
} Saved;

// n units of one row of one step. gate: r, then z and n, H numbers further on each; before the gates' functions, and then after.
static void forward_row(int count, size_t H, float *gate, const float *b, const float *un, const float *h, float *h_next) {
    float *r = gate, *z = gate + H, *n = gate + 2 * H;
#pragma omp simd
    for (int j = 0; j < count; j++) {
        r[j] = vec_sigmoid(r[j] + b[j]);
        z[j] = vec_sigmoid(z[j] + b[H + (size_t)j]);
        n[j] = vec_tanh(n[j] + b[2 * H + (size_t)j] + r[j] * un[j]);
        h_next[j] = (1 - z[j]) * n[j] + z[j] * h[j];
    }
}

static void forward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    const float *wh = y->in[2]->data, *b = y->in[3]->data + from;
    float *h = s->h + (size_t)t * BH, *gate = s->gate + (size_t)t * 3 * BH + from, *un = s->un + (size_t)t * BH + from;
    for (size_t k = 0; k < 3; k++)
        gemm('N', 'T', z.B, to - from, z.H, h, z.H, wh + (k * H + (size_t)from) * H, z.H, k < 2, k < 2 ? gate + k * H : un, k < 2 ? z.G : z.H);
    for (size_t n = 0; n < (size_t)z.B; n++) forward_row(to - from, H, gate + n * 3 * H, b, un + n * H, h + n * H + from, h + BH + n * H + from);
}

// n units of one row of one step, back. dh: of h_t, complete; back: of h_(t-1), so far the part that goes through z * h_(t-1).
static void backward_row(int count, size_t H, float *gate, const float *un, float *du, const float *h, const float *dh, float *back) {
    float *r = gate, *z = gate + H, *n = gate + 2 * H;
#pragma omp simd
    for (int j = 0; j < count; j++) {
        float dz = dh[j] * (h[j] - n[j]) * z[j] * (1 - z[j]);
        float dn = dh[j] * (1 - z[j]) * (1 - n[j] * n[j]);
        float dr = dn * un[j] * r[j] * (1 - r[j]);
        back[j] = dh[j] * z[j];
        du[j] = dr;
        du[H + (size_t)j] = dz;
        du[2 * H + (size_t)j] = dn * r[j];
        r[j] = dr;
        z[j] = dz;
        n[j] = dn;
    }
}

// dh_t = dy_t + dh_(t+1) * z_(t+1) + du_(t+1) Wh
static void backward_step(Tensor *y, int t, int from, int to) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    const float *h = s->h + (size_t)t * BH + from, *dy = y->grad + (size_t)t * BH + from, *un = s->un + (size_t)t * BH + from;
    float *gate = s->gate + (size_t)t * 3 * BH + from, *du = s->du + (size_t)t * 3 * BH;
    float *dh = s->dh + (t % 2 ? BH : 0) + from, *back = s->dh + (t % 2 ? 0 : BH) + from;
    bool last = t + 1 == z.T;
    for (size_t n = 0; n < BH; n += H) {
#pragma omp simd
        for (int j = 0; j < to - from; j++) dh[n + (size_t)j] = dy[n + (size_t)j] + (last ? 0 : dh[n + (size_t)j]);
    }
    if (!last) gemm('N', 'N', z.B, to - from, z.G, du + 3 * BH, z.G, y->in[2]->data + from, z.H, 1, dh, z.H);
    for (size_t n = 0; n < (size_t)z.B; n++)
        backward_row(to - from, H, gate + n * 3 * H, un + n * H, du + n * 3 * H + from, h + n * H, dh + n * H, back + n * H);
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
        s->du = tape_floats(tape, 3 * y->size);
        s->dh = tape_floats(tape, 2 * BH);
    }
    y->data = s->h + BH;
    recurrent_inputs(z, x, wx, s->gate);
    recurrent_walk(y, z, false, forward_step);
    if (state) memcpy(state, s->h + (size_t)z.T * BH, BH * sizeof *state);
    return y;
}
