// gemm.c, from lesson 02: the matrix product, where nearly all the time goes. The only file that calls BLAS.
#include "gemm.h"

#include <cblas.h>
#include <omp.h>

// Below this many multiply-adds waking a second thread costs more than it brings.
static const double WORTH_A_THREAD = 300000;
enum { CUT = 16 };      // slices begin at multiples of a vector register, so that no row or column is summed differently

static int slice_start(int n, int part, int parts) {
    int blocks = (n + CUT - 1) / CUT, start = (int)((long)blocks * part / parts) * CUT;
    return start < n ? start : n;
}

static void product(char ta, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    cblas_sgemm(CblasRowMajor, ta == 'T' ? CblasTrans : CblasNoTrans, tb == 'T' ? CblasTrans : CblasNoTrans,
                M, N, K, 1.0f, a, lda, b, ldb, add ? 1.0f : 0.0f, c, ldc);
}

void gemm(char ta, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc) {
    int threads = omp_get_max_threads();
    if (threads == 1 || omp_in_parallel() || (double)M * N * K < WORTH_A_THREAD || (M <= CUT && N <= CUT)) {
        product(ta, tb, M, N, K, a, lda, b, ldb, add, c, ldc);
        return;
    }
#pragma omp parallel num_threads(threads)
    {   // each thread takes some rows of c, or some columns, whichever there are more of
        int part = omp_get_thread_num(), parts = omp_get_num_threads();
        if (M >= N) {
            int from = slice_start(M, part, parts), to = slice_start(M, part + 1, parts);
            const float *rows = ta == 'T' ? a + from : a + (long)from * lda;
            if (to > from) product(ta, tb, to - from, N, K, rows, lda, b, ldb, add, c + (long)from * ldc, ldc);
        } else {
            int from = slice_start(N, part, parts), to = slice_start(N, part + 1, parts);
            const float *columns = tb == 'T' ? b + (long)from * ldb : b + from;
            if (to > from) product(ta, tb, M, to - from, K, a, lda, columns, ldb, add, c + from, ldc);
        }
    }
}

const char *gemm_kernel(void) { return openblas_get_corename(); }
