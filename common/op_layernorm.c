// op_layernorm.c, from lesson 08: every row with mean 0 and variance 1.
#include "op_layernorm.h"
#include "rows.h"

#include <math.h>
#include <string.h>

static const float EPS = 1e-5f;
enum { BLOCK = 32 };        // rows whose sums are added up together, always the same ones, whatever the number of threads

// What forward leaves for backward.
typedef struct {
    float *mean, *r;        // (N) of each row: m, and 1 / sqrt(v + eps)
    float *part;            // (blocks, 2, C) in backward: the sums for gain and bias of each block of rows
} Saved;

// With u = (x - m) r and du = dy * gain:
//     dx = r (du - mean(du) - u mean(du u))       x moves its row's mean and variance too
//     dgain = sum over the rows of dy u           dbias = sum over the rows of dy
static void backward_row(const Tensor *y, int n, float *dgain, float *dbias) {
    const Saved *s = y->saved;
    Tensor *x = y->in[0];
    size_t C = (size_t)last_of(y);
    const float *in = x->data + (size_t)n * C, *dy = y->grad + (size_t)n * C, *gain = y->in[1]->data;
    float m = s->mean[n], r = s->r[n], sum = 0, sum_u = 0;
#pragma omp simd reduction(+ : sum, sum_u)
    for (size_t c = 0; c < C; c++) {
        float u = (in[c] - m) * r, du = dy[c] * gain[c];
        dgain[c] += dy[c] * u;
        dbias[c] += dy[c];
        sum += du;
        sum_u += du * u;
    }
    if (!x->grad) return;
    float *dx = x->grad + (size_t)n * C;
    sum /= (float)C;
    sum_u /= (float)C;
#pragma omp simd
    for (size_t c = 0; c < C; c++) dx[c] += r * (dy[c] * gain[c] - sum - (in[c] - m) * r * sum_u);
}

static void backward_block(Tensor *y, int block) {
    const Saved *s = y->saved;
    size_t C = (size_t)last_of(y);
    float *dgain = s->part + (size_t)block * 2 * C, *dbias = dgain + C;
    memset(dgain, 0, 2 * C * sizeof *dgain);
    for (int n = block * BLOCK; n < min_int(rows_of(y), (block + 1) * BLOCK); n++) backward_row(y, n, dgain, dbias);
}

static void layernorm_backward(Tensor *y) {
    const Saved *s = y->saved;
    Tensor *gain = y->in[1], *bias = y->in[2];
    int blocks = (rows_of(y) + BLOCK - 1) / BLOCK, C = last_of(y);
    rows_each(y, blocks, y->size, backward_block);
    for (int k = 0; k < blocks; k++) {
        const float *dgain = s->part + (size_t)k * 2 * (size_t)C, *dbias = dgain + C;
        for (int c = 0; c < C && gain->grad; c++) gain->grad[c] += dgain[c];
        for (int c = 0; c < C && bias && bias->grad; c++) bias->grad[c] += dbias[c];
    }
}

static void forward_row(Tensor *y, int n) {
    const Saved *s = y->saved;
    size_t C = (size_t)last_of(y);
    const float *x = y->in[0]->data + (size_t)n * C, *gain = y->in[1]->data, *bias = y->in[2] ? y->in[2]->data : NULL;
    float *out = y->data + (size_t)n * C, m = 0, v = 0;
#pragma omp simd reduction(+ : m)
    for (size_t c = 0; c < C; c++) m += x[c];
    m /= (float)C;
#pragma omp simd reduction(+ : v)
    for (size_t c = 0; c < C; c++) v += (x[c] - m) * (x[c] - m);
    float r = 1 / sqrtf(v / (float)C + EPS);
    s->mean[n] = m;
    s->r[n] = r;
#pragma omp simd
    for (size_t c = 0; c < C; c++) out[c] = (x[c] - m) * r * gain[c] + (bias ? bias[c] : 0);
}

Tensor *op_layernorm(Tape *tape, Tensor *x, Tensor *gain, Tensor *bias) {
    int C = last_of(x), N = rows_of(x);
    CHECK((int)gain->size == C && (!bias || (int)bias->size == C), "op_layernorm: x is %s from \"%s\", gain is %s, bias is %s; want (...,C), (C) and (C)",
          shape_text(x), x->name, shape_text(gain), bias ? shape_text(bias) : "absent");
    Tensor *y = tape_tensor(tape, "op_layernorm", x->ndim, x->shape, layernorm_backward, (Tensor *[]){x, gain, bias, NULL});
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t blocks = ((size_t)N + BLOCK - 1) / BLOCK;
    *s = (Saved){tape_floats(tape, (size_t)N), tape_floats(tape, (size_t)N), tape->record ? tape_floats(tape, blocks * 2 * (size_t)C) : NULL};
    rows_each(y, N, y->size, forward_row);
    return y;
}
