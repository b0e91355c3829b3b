// op_rmsnorm.c, from lesson 11: every row with mean square 1.
#include "op_rmsnorm.h"
#include "rows.h"

#include <math.h>
#include <string.h>

static const float EPS = 1e-5f;
enum { BLOCK = 32 };        // rows whose sums are added up together, always the same ones, whatever the number of threads

// What forward leaves for backward.
typedef struct {
    float *r;               // (N) of each row: 1 / sqrt(mean of x² + eps)
    float *part;            // (blocks, C) in backward: the sums for the gain of each block of rows
} Saved;

// With u = x r and du = dy * gain:
//     dx = r (du - u mean(du u))                  x moves its row's mean square too
//     dgain = sum over the rows of dy u
static void backward_row(const Tensor *y, int n, float *dgain) {
    Tensor *x = y->in[0];
    size_t C = (size_t)last_of(y);
    const float *in = x->data + (size_t)n * C, *dy = y->grad + (size_t)n * C, *gain = y->in[1]->data;
    float r = ((const Saved *)y->saved)->r[n], sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t c = 0; c < C; c++) {
        float u = in[c] * r;
        dgain[c] += dy[c] * u;
        sum += dy[c] * gain[c] * u;
    }
    if (!x->grad) return;
    float *dx = x->grad + (size_t)n * C, mean = sum / (float)C;
#pragma omp simd
    for (size_t c = 0; c < C; c++) dx[c] += r * (dy[c] * gain[c] - in[c] * r * mean);
}

static void backward_block(Tensor *y, int block) {
    size_t C = (size_t)last_of(y);
    float *dgain = ((const Saved *)y->saved)->part + (size_t)block * C;
    memset(dgain, 0, C * sizeof *dgain);
    for (int n = block * BLOCK; n < min_int(rows_of(y), (block + 1) * BLOCK); n++) backward_row(y, n, dgain);
}

static void rmsnorm_backward(Tensor *y) {
    const Saved *s = y->saved;
    Tensor *gain = y->in[1];
    int blocks = (rows_of(y) + BLOCK - 1) / BLOCK;
    size_t C = (size_t)last_of(y);
    rows_each(y, blocks, y->size, backward_block);
    for (int k = 0; gain->grad && k < blocks; k++)
        for (size_t c = 0; c < C; c++) gain->grad[c] += s->part[(size_t)k * C + c];
}

static void forward_row(Tensor *y, int n) {
    const Saved *s = y->saved;
    size_t C = (size_t)last_of(y);
    const float *x = y->in[0]->data + (size_t)n * C, *gain = y->in[1]->data;
    float *out = y->data + (size_t)n * C, sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t c = 0; c < C; c++) sum += x[c] * x[c];
    float r = s->r[n] = 1 / sqrtf(sum / (float)C + EPS);
#pragma omp simd
    for (size_t c = 0; c < C; c++) out[c] = x[c] * r * gain[c];
}

Tensor *op_rmsnorm(Tape *tape, Tensor *x, Tensor *gain) {
    int C = last_of(x), N = rows_of(x);
    CHECK((int)gain->size == C, "op_rmsnorm: x is %s from \"%s\", gain is %s; want (...,C) and (C)", shape_text(x), x->name, shape_text(gain));
    Tensor *y = tape_tensor(tape, "op_rmsnorm", x->ndim, x->shape, rmsnorm_backward, (Tensor *[]){x, gain, NULL});     // (...,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t blocks = ((size_t)N + BLOCK - 1) / BLOCK;
    *s = (Saved){tape_floats(tape, (size_t)N), tape->record ? tape_floats(tape, blocks * (size_t)C) : NULL};
    rows_each(y, N, y->size, forward_row);
    return y;
}
