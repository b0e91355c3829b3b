// gemm.h, from lesson 02: the matrix product, where nearly all the time goes. The only file that calls BLAS.
#ifndef GEMM_H
#define GEMM_H

// c = A B, or c += A B:
//     A is (M,K): a row-major with lda floats from one row to the next, or with ta = 'T' its transpose: a is (K,M)
//     B is (K,N): b likewise with ldb, or with tb = 'T': b is (N,K)
//     c is (M,N) with ldc; add: 0: c = , 1: c +=
// Uses as many threads as OpenMP is set to where the product is large enough. The same number of threads gives the same bits; with
// OpenBLAS's kernel for AVX-512 so does another number, with others nearly always.
void gemm(char ta, char tb, int M, int N, int K, const float *a, int lda, const float *b, int ldb, int add, float *c, int ldc);

// Which kernel BLAS has chosen for this processor ("SkylakeX"), and how it was built, for config.json.
const char *gemm_kernel(void);

#endif
