// expect: dx is right in the first row
#include "op_layernorm.h"

#include <math.h>

static const float EPS = 1e-5f;

// What forward leaves for backward.
typedef struct {
    float *m, *r;           // (N) of every row the mean and 1 / sqrt(v + EPS)
} Saved;

// With u = (x - m) r and du = dy gain, and means over the C numbers of a row:
//     dbias += dy,  dgain += dy u,  dx = r (du - mean(du) - u mean(du u))
static void layernorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    float mean = 0, mean_u = 0;
    for (int n = 0; n < N; n++) {
        float m = s->m[n], r = s->r[n];
        for (int c = 0; c < C; c++) {
            float u = (x->data[n * C + c] - m) * r, dy = y->grad[n * C + c], du = dy * gain->data[c];
            if (bias && bias->grad) bias->grad[c] += dy;
            if (gain->grad) gain->grad[c] += dy * u;
            mean += du / C;
            mean_u += du * u / C;
        }
        for (int c = 0; c < C && x->grad; c++) {
            float u = (x->data[n * C + c] - m) * r, du = y->grad[n * C + c] * gain->data[c];
            x->grad[n * C + c] += r * (du - mean - u * mean_u);
        }
    }
}

Tensor *op_layernorm(Tape *tape, Tensor *x, Tensor *gain, Tensor *bias) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)gain->size == C && (!bias || (int)bias->size == C), "op_layernorm: x is %s from \"%s\", gain is %s, bias is %s; want (...,C), (C) and (C)",
          shape_text(x), x->name, shape_text(gain), bias ? shape_text(bias) : "absent");
    Tensor *y = tape_tensor(tape, "op_layernorm", x->ndim, x->shape, layernorm_backward, (Tensor *[]){x, gain, bias, NULL});    // (...,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, N), tape_floats(tape, N)};

    for (int n = 0; n < N; n++) {
        const float *in = x->data + n * C;
        float m = 0, v = 0;
        for (int c = 0; c < C; c++) m += in[c] / C;
        for (int c = 0; c < C; c++) v += (in[c] - m) * (in[c] - m) / C;
        s->m[n] = m;
        s->r[n] = 1 / sqrtf(v + EPS);
        for (int c = 0; c < C; c++) y->data[n * C + c] = (in[c] - m) * s->r[n] * gain->data[c] + (bias ? bias->data[c] : 0);
    }
    return y;
}
