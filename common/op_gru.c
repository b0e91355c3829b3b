// op_gru.c, from lesson 06: a memory with two gates and no cell.
#include "op_gru.h"
#include "gemm.h"
#include "recurrent.h"
#include "vecsigmoid.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    RecurrentSize size;
    const float *h;         // (T+1,B,H) the states: before the first step, after it, ... after the last
    float *gate;            // (T,B,3H) r, z, n of each step; in backward, the gradient of what went into them
    float *un;              // (T,B,H) h_(t-1) Unᵀ
    float *du;              // (T,B,3H) in backward, the gradient of what h_(t-1) was multiplied into
    float *dh;              // (B,H) the gradient that a step passes back to the one before
} Saved;

// One row of one step. gate: 3H numbers before the gates' functions (n's without the state's part), and then after.
static void forward_row(int H, float *gate, const float *un, const float *h, float *h_next) {
    float *r = gate, *z = gate + H, *n = gate + 2 * H;
#pragma omp simd
    for (int j = 0; j < H; j++) {
        r[j] = vec_sigmoid(r[j]);
        z[j] = vec_sigmoid(z[j]);
        n[j] = vec_tanh(n[j] + r[j] * un[j]);
        h_next[j] = (1 - z[j]) * n[j] + z[j] * h[j];
    }
}

// One row of one step, back. dh, complete when this begins, becomes the part of dh_(t-1) that goes through z * h_(t-1).
static void backward_row(int H, float *gate, const float *un, float *du, const float *h, float *dh) {
    float *r = gate, *z = gate + H, *n = gate + 2 * H;
#pragma omp simd
    for (int j = 0; j < H; j++) {
        float dz = dh[j] * (h[j] - n[j]) * z[j] * (1 - z[j]);
        float dn = dh[j] * (1 - z[j]) * (1 - n[j] * n[j]);
        float dr = dn * un[j] * r[j] * (1 - r[j]);
        dh[j] *= z[j];
        du[j] = dr;
        du[H + j] = dz;
        du[2 * H + j] = dn * r[j];
        r[j] = dr;
        z[j] = dz;
        n[j] = dn;
    }
}

static void gru_backward(Tensor *y) {
    const Saved *s = y->saved;
    RecurrentSize z = s->size;
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    memset(s->dh, 0, BH * sizeof *s->dh);
    for (int t = z.T - 1; t >= 0; t--) {
        const float *h = s->h + (size_t)t * BH, *dy = y->grad + (size_t)t * BH, *un = s->un + (size_t)t * BH;
        float *gate = s->gate + (size_t)t * 3 * BH, *du = s->du + (size_t)t * 3 * BH;
#pragma omp simd
        for (size_t i = 0; i < BH; i++) s->dh[i] += dy[i];
        for (size_t b = 0; b < (size_t)z.B; b++) backward_row(z.H, gate + b * 3 * H, un + b * H, du + b * 3 * H, h + b * H, s->dh + b * H);
        gemm('N', 'N', z.B, z.H, z.G, du, z.G, y->in[2]->data, z.H, 1, s->dh, z.H);         // to h_(t-1)
    }
    recurrent_backward(z, s->gate, s->du, s->h, y->in[0], y->in[1], y->in[2], y->in[3]);
}

Tensor *op_gru(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state) {
    RecurrentSize z = recurrent_size("op_gru", 3, x, wx, wh, b);
    Tensor *y = tape_tensor(tape, "op_gru", 3, (int[]){z.T, z.B, z.H}, gru_backward, (Tensor *[]){x, wx, wh, b, NULL});     // (T,B,H)
    size_t H = (size_t)z.H, BH = (size_t)z.B * H;
    float *h = recurrent_states(tape, z, state);
    y->data = h + BH;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.size = z, .h = h, .gate = tape_floats(tape, 3 * y->size), .un = tape_floats(tape, y->size)};
    if (tape->record) {
        s->du = tape_floats(tape, 3 * y->size);
        s->dh = tape_floats(tape, BH);
    }
    recurrent_inputs(z, x, wx, b, s->gate);
    const float *wh_rz = wh->data, *wh_n = wh->data + 2 * H * H;
    for (int t = 0; t < z.T; t++, h += BH) {
        float *gate = s->gate + (size_t)t * 3 * BH, *un = s->un + (size_t)t * BH;
        gemm('N', 'T', z.B, 2 * z.H, z.H, h, z.H, wh_rz, z.H, 1, gate, z.G);
        gemm('N', 'T', z.B, z.H, z.H, h, z.H, wh_n, z.H, 0, un, z.H);
        for (size_t n = 0; n < (size_t)z.B; n++) forward_row(z.H, gate + n * 3 * H, un + n * H, h + n * H, h + BH + n * H);
    }
    if (state) memcpy(state, h, BH * sizeof *state);
    return y;
}
