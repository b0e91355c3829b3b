// test_02_gemm.c: the matrix product beside plain loops: transposes, wide rows, adding, odd sizes, threads.
#define _GNU_SOURCE
#include "gemm.h"
#include "testing.h"
#include "util.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char ta, tb;
    int M, N, K, lda, ldb, ldc, add;
    float *a, *b, *c;       // just as long as they must be, so that AddressSanitizer sees their ends
} Product;

static const float GAP = 12345;     // between the rows of c, where nothing may be written

static float *matrix(int rows, int columns, int ld, unsigned seed) {
    size_t size = (size_t)(rows - 1) * (size_t)ld + (size_t)columns;
    float *x = xmalloc(size * sizeof *x);
    testing_fill(x, size, 1, seed);
    for (int r = 0; r + 1 < rows; r++)
        for (int i = columns; i < ld; i++) x[r * ld + i] = seed == 3 ? GAP : NAN;
    return x;
}

// A product of random numbers, whose rows are `wide` floats longer than they need be.
static Product make(char ta, char tb, int M, int N, int K, int wide, int add) {
    Product p = {ta, tb, M, N, K, (ta == 'T' ? M : K) + wide, (tb == 'T' ? K : N) + 2 * wide, N + 3 * wide, add, NULL, NULL, NULL};
    p.a = ta == 'T' ? matrix(K, M, p.lda, 1) : matrix(M, K, p.lda, 1);
    p.b = tb == 'T' ? matrix(N, K, p.ldb, 2) : matrix(K, N, p.ldb, 2);
    p.c = matrix(M, N, p.ldc, 3);
    return p;
}

static void free_product(Product *p) {
    free(p->a);
    free(p->b);
    free(p->c);
}

static void run(Product *p) { gemm(p->ta, p->tb, p->M, p->N, p->K, p->a, p->lda, p->b, p->ldb, p->add, p->c, p->ldc); }

// One element in double, and how large its terms are, which tells how much float may lose.
static double element(const Product *p, int m, int n, double *size) {
    double sum = p->add ? p->c[m * p->ldc + n] : 0;
    *size = fabs(sum);
    for (int k = 0; k < p->K; k++) {
        double term = (double)(p->ta == 'T' ? p->a[k * p->lda + m] : p->a[m * p->lda + k]) *
                      (p->tb == 'T' ? p->b[n * p->ldb + k] : p->b[k * p->ldb + n]);
        sum += term;
        *size += fabs(term);
    }
    return sum;
}

static void check(char ta, char tb, int M, int N, int K, int wide, int add) {
    Product p = make(ta, tb, M, N, K, wide, add);
    double *want = xmalloc((size_t)M * (size_t)N * 2 * sizeof *want);
    for (int i = 0; i < M * N; i++) want[2 * i] = element(&p, i / N, i % N, &want[2 * i + 1]);
    run(&p);
    for (int m = 0; m < M; m++) {
        for (int n = 0; n < N; n++) {
            double got = p.c[m * p.ldc + n], *w = want + 2 * (m * N + n);
            if (!(fabs(got - w[0]) <= 1e-6 * w[1]))
                ck_abort_msg("%c%c M %d N %d K %d, rows wider by %d, add %d: c[%d][%d] is %.9g, want %.9g", ta, tb, M, N, K,
                             wide, add, m, n, got, w[0]);
        }
        for (int n = N; m + 1 < M && n < p.ldc; n++)
            if (p.c[m * p.ldc + n] != GAP) ck_abort_msg("%c%c M %d N %d K %d: wrote behind row %d", ta, tb, M, N, K, m);
    }
    free(want);
    free_product(&p);
}

static void check_all_cases(int M, int N, int K) {
    for (int k = 0; k < 16; k++) check(k & 1 ? 'T' : 'N', k & 2 ? 'T' : 'N', M, N, K, k & 4 ? 3 : 0, k & 8 ? 1 : 0);
}

START_TEST(small_products_are_the_plain_ones) {
    const int SIZE[] = {1, 2, 3, 5, 8, 15, 16, 17, 33};
    unsigned seed = 1;
    check_all_cases(1, 1, 1);
    for (int i = 0; i < 120; i++) {
        int s[3];
        for (int k = 0; k < 3; k++) s[k] = SIZE[(int)((testing_random(&seed) + 1) * 4.5) % 9];
        check_all_cases(s[0], s[1], s[2]);
    }
}
END_TEST

// Large enough for several threads: many rows, many columns, long sums.
START_TEST(large_products_are_the_plain_ones) {
    omp_set_num_threads(3);
    check_all_cases(601, 81, 65);
    check_all_cases(81, 601, 65);
    check_all_cases(65, 33, 1501);
}
END_TEST

// With NaN in c, 0 * NaN would show.
START_TEST(what_was_in_c_does_not_matter_without_add) {
    for (int threads = 1; threads <= 2; threads++) {
        omp_set_num_threads(threads);
        Product p = make('N', 'N', 601, 81, 65, 0, 0);
        for (int i = 0; i < 601 * 81; i++) p.c[i] = NAN;
        run(&p);
        int bad = 0;
        for (int i = 0; i < 601 * 81; i++) bad += isnan(p.c[i]);
        ck_assert_int_eq(bad, 0);
        free_product(&p);
    }
}
END_TEST

static void run_on(int threads, Product *p, float *c) {
    size_t size = (size_t)(p->M - 1) * (size_t)p->ldc + (size_t)p->N;
    float *kept = p->c;
    p->c = memcpy(c, kept, size * sizeof *c);
    omp_set_num_threads(threads);
    run(p);
    p->c = kept;
}

// Runs a product on two numbers of threads; how many elements of c differ.
static int differences(Product *p, int threads, int other) {
    size_t size = (size_t)(p->M - 1) * (size_t)p->ldc + (size_t)p->N;
    float *x = xmalloc(size * sizeof *x), *y = xmalloc(size * sizeof *y);
    run_on(threads, p, x);
    run_on(other, p, y);
    int count = 0;
    for (size_t i = 0; i < size; i++) count += memcmp(&x[i], &y[i], sizeof *x) != 0;
    free(x);
    free(y);
    return count;
}

// Tries many shapes; says how many of them have other bits, and which was the first.
static int compare_bits(int threads, int other) {
    const int SIZE[] = {1, 3, 8, 16, 17, 27, 32, 33, 48, 63, 65, 100, 129, 200, 513, 2000, 5000};
    unsigned seed = 5;
    int tried = 0, bad = 0;
    while (tried < 90) {
        int s[3], flags = (int)((testing_random(&seed) + 1) * 8);
        for (int k = 0; k < 3; k++) s[k] = SIZE[(int)((testing_random(&seed) + 1) * 8.5) % 17];
        double work = (double)s[0] * s[1] * s[2], floats = work / s[0] + work / s[1] + work / s[2];
        if (work < 2e5 || work > 5e6 || floats > 2e5) continue;
        Product p = make(flags & 1 ? 'T' : 'N', flags & 2 ? 'T' : 'N', s[0], s[1], s[2], flags & 4 ? 3 : 0, flags & 8 ? 1 : 0);
        int count = differences(&p, threads, other);
        if (count && !bad++) printf("%c%c M %d N %d K %d add %d: %d elements; ", p.ta, p.tb, p.M, p.N, p.K, p.add, count);
        tried++;
        free_product(&p);
    }
    printf("%d of %d shapes have other bits\n", bad, tried);
    return bad;
}

// Processors differ, and so do OpenBLAS's kernels for them. It chooses one when it is loaded, so this program starts once
// more with the name of another; where the processor or the library cannot, it takes its usual one.
static const char *const KERNELS[] = {"", "SKYLAKEX", "HASWELL", "SANDYBRIDGE"};

static int again(void *kernel) {
    if (*(const char *)kernel) setenv("OPENBLAS_CORETYPE", kernel, 1);
    execl("/proc/self/exe", "test_02_gemm", "bits", (char *)NULL);
    return 3;
}

// Run as "test_02_gemm bits".
static int say_bits(void) {
    printf("%s, twice on 1 thread: ", gemm_kernel());
    int bad = compare_bits(1, 1);
    printf("twice on 2: ");
    bad += compare_bits(2, 2);
    if (strcmp(gemm_kernel(), "SkylakeX") == 0) {   // gemm.h says so of this kernel only
        printf("on 1 and on 2: ");
        bad += compare_bits(1, 2);
    }
    return bad ? 1 : 0;
}

START_TEST(the_same_threads_give_the_same_bits) {
    Ending end = testing_run(again, (void *)KERNELS[_i]);
    ck_assert_msg(end.code == 0, "%s%s", end.out, end.err);
}
END_TEST

START_TEST(the_kernel_has_a_name) { ck_assert_uint_gt(strlen(gemm_kernel()), 2); }
END_TEST

int main(int argc, char **argv) {
    if (argc > 1 && strcmp(argv[1], "bits") == 0) return say_bits();
    TCase *c = testing_start("gemm");
    tcase_add_test(c, small_products_are_the_plain_ones);
    tcase_add_test(c, large_products_are_the_plain_ones);
    tcase_add_test(c, what_was_in_c_does_not_matter_without_add);
    tcase_add_loop_test(c, the_same_threads_give_the_same_bits, 0, 4);
    tcase_add_test(c, the_kernel_has_a_name);
    return testing_end();
}
