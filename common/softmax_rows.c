// softmax_rows.c, from lesson 02: the softmax of many rows, fast; what op_softmax and op_cross_entropy share.
#include "softmax_rows.h"
#include "rows.h"
#include "vecmath.h"

#include <math.h>
#include <stddef.h>

enum { BLOCK = 4096 };

static int rows_at_once(int V) { return V < BLOCK ? BLOCK / V : 1; }

// Short rows leave most of a vector register empty, so exp runs over a block of rows at once, as one long row.
static void block(const float *x, int N, int V, float *p, double *log_sum) {
    float most[BLOCK];      // N rows of at least one float fit into a block
    for (int n = 0; n < N; n++) {
        const float *in = x + (size_t)n * (size_t)V;
        float *out = p + (size_t)n * (size_t)V, top = in[0];
#pragma omp simd reduction(max : top)
        for (int j = 0; j < V; j++) top = in[j] > top ? in[j] : top;
#pragma omp simd
        for (int j = 0; j < V; j++) out[j] = in[j] - top;   // exp of it cannot overflow
        most[n] = top;
    }
    size_t all = (size_t)N * (size_t)V;
#pragma omp simd
    for (size_t i = 0; i < all; i++) p[i] = vec_exp(p[i]);
    for (int n = 0; n < N; n++) {
        float *out = p + (size_t)n * (size_t)V, sum = 0;
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < V; j++) sum += out[j];
        if (log_sum) log_sum[n] = log((double)sum) + most[n];
        float share = 1 / sum;
#pragma omp simd
        for (int j = 0; j < V; j++) out[j] *= share;
    }
}

static void nth_block(int b, const float *x, int N, int V, float *p, double *log_sum) {
    int rows = rows_at_once(V), n = b * rows;
    size_t at = (size_t)n * (size_t)V;
    block(x + at, N - n < rows ? N - n : rows, V, p + at, log_sum ? log_sum + n : NULL);
}

void softmax_rows(const float *x, int N, int V, float *p, double *log_sum) {
    int blocks = (N + rows_at_once(V) - 1) / rows_at_once(V);
    if (!rows_worth_threads((size_t)N * (size_t)V)) {
        for (int b = 0; b < blocks; b++) nth_block(b, x, N, V, p, log_sum);
        return;
    }
#pragma omp parallel for
    for (int b = 0; b < blocks; b++) nth_block(b, x, N, V, p, log_sum);
}
