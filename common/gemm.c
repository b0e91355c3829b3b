// gemm.c, from lesson 02: the matrix product, where nearly all the time goes. The only file that calls BLAS.
#include "gemm.h"

#include <cblas.h>
#include <omp.h>
#include <stdbool.h>
#include <string.h>

// Up to so many multiply-adds OpenBLAS itself stays on one thread; above, it must be called in a parallel region to do so.
static const double ALONE = 262144;
// Up to so many some of its kernels are others, which round otherwise: no slice of a larger product may be that small, or its
// bits would depend on how many threads share it.
static const double SMALL_PRODUCT = 1e6;
enum { CUT = 48 };      // slices begin where the kernels' own tiles do (of 16, of 12, of 6), so that sums are taken in the same order

static int slice_start(int n, int part, int parts) {
    int blocks = (n + CUT - 1) / CUT, start = (int)((long)blocks * part / parts) * CUT;
    return start < n ? start : n;
}

// Into how many slices to cut n rows (or columns) of `work` multiply-adds each, at most `threads`.
static int slices(int n, double work, int threads) {
    for (int parts = threads; parts > 1; parts--) {
        bool large = true;
        for (int i = 0; i < parts; i++) large = large && (slice_start(n, i + 1, parts) - slice_start(n, i, parts)) * work > SMALL_PRODUCT;
        if (large) return parts;
    }
    return 1;
}

static void product(char ta, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    cblas_sgemm(CblasRowMajor, ta == 'T' ? CblasTrans : CblasNoTrans, tb == 'T' ? CblasTrans : CblasNoTrans,
                M, N, K, 1.0f, a, lda, b, ldb, add ? 1.0f : 0.0f, c, ldc);
}

// --- few rows ---
// A product of few rows and a large b: OpenBLAS would rearrange b for longer than it multiplies. Its AVX-512 kernels for small matrices
// do not rearrange, and are the faster then, up to half as fast again. They take what has up to 1200 numbers in c and a million
// multiply-adds, so c is cut into blocks of that size, always the same ones: the bits do not depend on the threads.

enum { FEW_ROWS = 64, BLOCK_ROWS = 8, BLOCK_COLUMNS = 64, LEAST_K = 128, MOST_K = 1900 };

static bool few_rows(char ta, int M, int N, int K) {
    if (ta == 'T' || M > FEW_ROWS || N < BLOCK_COLUMNS || K < LEAST_K || K > MOST_K) return false;
    const char *kernel = gemm_kernel();
    return strcmp(kernel, "SkylakeX") == 0 || strcmp(kernel, "Cooperlake") == 0;
}

// Blocks are counted down the columns of blocks, so that a thread keeps to its own columns of b.
static void blocks(int from, int to, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    int down = (M + BLOCK_ROWS - 1) / BLOCK_ROWS;
    for (int i = from; i < to; i++) {
        int m = i % down * BLOCK_ROWS, n = i / down * BLOCK_COLUMNS;
        int rows = M - m < BLOCK_ROWS ? M - m : BLOCK_ROWS, columns = N - n < BLOCK_COLUMNS ? N - n : BLOCK_COLUMNS;
        product('N', tb, rows, columns, K, a + (long)m * lda, lda, tb == 'T' ? b + (long)n * ldb : b + n, ldb, add, c + (long)m * ldc + n, ldc);
    }
}

static void in_blocks(int threads, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    int down = (M + BLOCK_ROWS - 1) / BLOCK_ROWS, across = (N + BLOCK_COLUMNS - 1) / BLOCK_COLUMNS;
    if (threads == 1 || omp_in_parallel() || (double)M * N * K <= SMALL_PRODUCT) {
        blocks(0, down * across, tb, M, N, K, a, lda, b, ldb, add, c, ldc);
        return;
    }
#pragma omp parallel num_threads(threads)
    {
        int part = omp_get_thread_num(), parts = omp_get_num_threads();
        blocks(across * part / parts * down, across * (part + 1) / parts * down, tb, M, N, K, a, lda, b, ldb, add, c, ldc);
    }
}

// --- a small c with long sums ---
// The gradient of a weight matrix is a sum over all rows of a batch. Cut along that sum, into two halves, always the same ones, each thread reads
// only rows that it has worked on before, which are in its core's cache. The halves' sums are added up at the end.

enum { LONG_SUM = 512, SMALL_C = 65536 };

static bool long_sum(char ta, int M, int N, int K) { return ta == 'T' && K >= LONG_SUM && (long)M * N <= SMALL_C && (double)M * N * K > 4 * SMALL_PRODUCT; }

static void add_to(float *c, int ldc, const float *part, int from, int to, int N) {
    for (int m = from; m < to; m++) {
        float *row = c + (long)m * ldc;
        const float *more = part + (long)m * N;
#pragma omp simd
        for (int n = 0; n < N; n++) row[n] += more[n];
    }
}

static void in_halves(int threads, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    float second[SMALL_C];      // (M,N) the sum over the second half of K
    const float *b_second = tb == 'T' ? b + K / 2 : b + (long)(K / 2) * ldb;
    if (threads == 1 || omp_in_parallel()) {
        product('T', tb, M, N, K / 2, a, lda, b, ldb, add, c, ldc);
        product('T', tb, M, N, K - K / 2, a + (long)(K / 2) * lda, lda, b_second, ldb, 0, second, N);
        add_to(c, ldc, second, 0, M, N);
        return;
    }
    int down = slices(M, (double)(K / 2) * N, (threads + 1) / 2);
#pragma omp parallel num_threads(threads)
    {
        int part = omp_get_thread_num(), parts = omp_get_num_threads();
        for (int i = part; i < 2 * down; i += parts) {
            int from = slice_start(M, i / 2, down), rows = slice_start(M, i / 2 + 1, down) - from;
            if (i % 2 == 0) product('T', tb, rows, N, K / 2, a + from, lda, b, ldb, add, c + (long)from * ldc, ldc);
            else product('T', tb, rows, N, K - K / 2, a + (long)(K / 2) * lda + from, lda, b_second, ldb, 0, second + (long)from * N, N);
        }
#pragma omp barrier
        add_to(c, ldc, second, M * part / parts, M * (part + 1) / parts, N);
    }
}

// --- the product ---

void gemm(char ta, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    int threads = omp_get_max_threads();
    if (few_rows(ta, M, N, K)) {
        in_blocks(threads, tb, M, N, K, a, lda, b, ldb, add, c, ldc);
        return;
    }
    if (long_sum(ta, M, N, K)) {
        in_halves(threads, tb, M, N, K, a, lda, b, ldb, add, c, ldc);
        return;
    }
    if (threads == 1 || omp_in_parallel() || (double)M * N * K <= ALONE) {
        product(ta, tb, M, N, K, a, lda, b, ldb, add, c, ldc);
        return;
    }
    int parts = slices(M >= N ? M : N, (double)K * (M >= N ? N : M), threads);
#pragma omp parallel num_threads(threads)   // in a region, OpenBLAS keeps to one thread
    for (int part = omp_get_thread_num(); part < parts; part += omp_get_num_threads()) {
        if (M >= N) {       // some rows of c ...
            int from = slice_start(M, part, parts), count = slice_start(M, part + 1, parts) - from;
            product(ta, tb, count, N, K, ta == 'T' ? a + from : a + (long)from * lda, lda, b, ldb, add, c + (long)from * ldc, ldc);
        } else {            // ... or some columns, whichever there are more of
            int from = slice_start(N, part, parts), count = slice_start(N, part + 1, parts) - from;
            product(ta, tb, M, count, K, a, lda, tb == 'T' ? b + (long)from * ldb : b + from, ldb, add, c + from, ldc);
        }
    }
}

const char *gemm_kernel(void) { return openblas_get_corename(); }
