// recurrent.c, from lesson 06: what op_rnn, op_lstm and op_gru share: the walk through time, and the products that need none.
#include "recurrent.h"
#include "gemm.h"
#include "rows.h"

#include <omp.h>
#include <string.h>

RecurrentSize recurrent_size(const char *op, int gates, const Tensor *x, const Tensor *wx, const Tensor *wh, const Tensor *b) {
    int I = last_of(x), G = wx->shape[0], H = G / gates;
    CHECK(x->ndim == 3 && wx->ndim == 2 && wx->shape[1] == I && G == gates * H && wh->ndim == 2 && wh->shape[0] == G && wh->shape[1] == H && (int)b->size == G,
          "%s: x is %s from \"%s\", wx is %s, wh is %s, b is %s; want (T,B,I), (%d*H,I), (%d*H,H) and (%d*H)", op, shape_text(x), x->name,
          shape_text(wx), shape_text(wh), shape_text(b), gates, gates, gates);
    return (RecurrentSize){.T = x->shape[0], .B = x->shape[1], .I = I, .H = H, .G = G};
}

float *recurrent_states(Tape *tape, RecurrentSize s, const float *state) {
    size_t BH = (size_t)s.B * (size_t)s.H;
    float *h = tape_floats(tape, ((size_t)s.T + 1) * BH);
    if (state) memcpy(h, state, BH * sizeof *h);
    else memset(h, 0, BH * sizeof *h);
    return h;
}

enum { TOGETHER = 8, AT_ONCE = 16 };    // rows that a product takes at once; multiply-adds in the time of touching one number

static void walk(Tensor *y, RecurrentSize s, bool backwards, void (*step)(Tensor *y, int t, int from, int to), int from, int to) {
    for (int i = 0; i < s.T; i++) step(y, backwards ? s.T - 1 - i : i, from, to);
}

void recurrent_walk(Tensor *y, RecurrentSize s, bool backwards, void (*step)(Tensor *y, int t, int from, int to)) {
    int blocks = (s.B + TOGETHER - 1) / TOGETHER;
    if (blocks == 1 || !rows_worth_threads((size_t)s.T * (size_t)s.B * (size_t)s.G * (size_t)s.H / AT_ONCE)) {
        walk(y, s, backwards, step, 0, s.B);
        return;
    }
#pragma omp parallel
    {
        int part = omp_get_thread_num(), parts = omp_get_num_threads();
        walk(y, s, backwards, step, blocks * part / parts * TOGETHER, min_int(s.B, blocks * (part + 1) / parts * TOGETHER));
    }
}

void recurrent_inputs(RecurrentSize s, const Tensor *x, const Tensor *wx, float *pre) {
    gemm('N', 'T', s.T * s.B, s.G, s.I, x->data, s.I, wx->data, s.I, 0, pre, s.G);
}

void recurrent_backward(RecurrentSize s, const float *dpre, const float *du, const float *h, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b) {
    int N = s.T * s.B;
    if (x->grad) gemm('N', 'N', N, s.I, s.G, dpre, s.G, wx->data, s.I, 1, x->grad, s.I);
    if (wx->grad) gemm('T', 'N', s.G, s.I, N, dpre, s.G, x->data, s.I, 1, wx->grad, s.I);
    if (wh->grad) gemm('T', 'N', s.G, s.H, N, du, s.G, h, s.H, 1, wh->grad, s.H);
    for (int n = 0; b->grad && n < N; n++) {
        const float *row = dpre + (size_t)n * (size_t)s.G;
#pragma omp simd
        for (int g = 0; g < s.G; g++) b->grad[g] += row[g];
    }
}
