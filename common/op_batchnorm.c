// op_batchnorm.c, from lesson 04: every column with mean 0 and variance 1 over the batch.
#include "op_batchnorm.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    bool training;
    float *m, *r;           // (C) the mean, and 1 / sqrt(v + eps)
} Saved;

// With u = (x - m) r and du = dy * gain, all sums over the N rows of a column:
//     dbias = sum dy      dgain = sum dy u
//     dx = r (du - sum(du)/N - u sum(du u)/(N-1))     in training: x moves its column's mean and variance too
//     dx = r du                                       in evaluation: m and r are constants
// In training: dr/dx of one row is -r² u/(N-1), dm/dx is 1/N, and the rows' u add up to 0.
static void batchnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    float *sum = s->r + C, *sum_u = sum + C;        // of dy, and of dy u
    memset(sum, 0, 2 * (size_t)C * sizeof *sum);
    for (int n = 0; n < N; n++) {
        const float *in = x->data + (size_t)n * (size_t)C, *dy = y->grad + (size_t)n * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) {
            sum[c] += dy[c];
            sum_u[c] += dy[c] * (in[c] - s->m[c]) * s->r[c];
        }
    }
    for (int c = 0; c < C; c++) {
        if (gain->grad) gain->grad[c] += sum_u[c];
        if (bias->grad) bias->grad[c] += sum[c];
    }
    if (!x->grad) return;
    float by_mean = s->training ? 1.0f / (float)N : 0, by_var = s->training ? 1.0f / (float)(N - 1) : 0;
    for (int n = 0; n < N; n++) {
        const float *in = x->data + (size_t)n * (size_t)C, *dy = y->grad + (size_t)n * (size_t)C;
        float *dx = x->grad + (size_t)n * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) {
            float u = (in[c] - s->m[c]) * s->r[c];
            dx[c] += gain->data[c] * s->r[c] * (dy[c] - by_mean * sum[c] - by_var * u * sum_u[c]);
        }
    }
}

// Mean and unbiased variance of every column of x, in two passes: first the mean, then the squares about it.
static void column_statistics(const Tensor *x, float *m, float *v) {
    int N = rows_of(x), C = last_of(x);
    memset(m, 0, (size_t)C * sizeof *m);
    memset(v, 0, (size_t)C * sizeof *v);
    for (int n = 0; n < N; n++) {
        const float *in = x->data + (size_t)n * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) m[c] += in[c];
    }
    for (int c = 0; c < C; c++) m[c] /= (float)N;
    for (int n = 0; n < N; n++) {
        const float *in = x->data + (size_t)n * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) v[c] += (in[c] - m[c]) * (in[c] - m[c]);
    }
    for (int c = 0; c < C; c++) v[c] /= (float)(N - 1);
}

static void move_towards(Tensor *running, const float *now, float momentum) {
    for (size_t c = 0; c < running->size; c++) running->data[c] += momentum * (now[c] - running->data[c]);
}

Tensor *op_batchnorm(Tape *tape, Tensor *x, BatchNorm *bn, bool training) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)bn->gain->size == C, "op_batchnorm: x is %s from \"%s\", gain is %s; want (...,C) and (C)", shape_text(x), x->name, shape_text(bn->gain));
    CHECK(!training || N > 1, "op_batchnorm: x is %s from \"%s\": one row has no variance; want 2 or more in training", shape_text(x), x->name);
    Tensor *y = tape_tensor(tape, "op_batchnorm", x->ndim, x->shape, batchnorm_backward, (Tensor *[]){x, bn->gain, bn->bias, NULL});
    float *room = tape_floats(tape, 4 * (size_t)C);
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){training, room, room + C};
    if (training) {
        column_statistics(x, s->m, s->r);
        move_towards(bn->mean, s->m, bn->momentum);
        move_towards(bn->var, s->r, bn->momentum);
    } else {
        memcpy(s->m, bn->mean->data, (size_t)C * sizeof(float));
        memcpy(s->r, bn->var->data, (size_t)C * sizeof(float));
    }
    for (int c = 0; c < C; c++) s->r[c] = 1 / sqrtf(s->r[c] + bn->eps);
    const float *gain = bn->gain->data, *bias = bn->bias->data;
    for (int n = 0; n < N; n++) {
        const float *in = x->data + (size_t)n * (size_t)C;
        float *out = y->data + (size_t)n * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) out[c] = gain[c] * (in[c] - s->m[c]) * s->r[c] + bias[c];
    }
    return y;
}
