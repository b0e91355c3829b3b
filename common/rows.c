// rows.c, from lesson 02: the rows of a tensor, shared among threads where that pays.
#include "rows.h"

#include <omp.h>

enum { WORTH_THREADS = 65536 };

bool rows_worth_threads(size_t work) { return work > WORTH_THREADS && omp_get_max_threads() > 1 && !omp_in_parallel(); }

void rows_each(Tensor *t, int N, size_t work, void (*row)(Tensor *t, int n)) {
    if (!rows_worth_threads(work)) {
        for (int n = 0; n < N; n++) row(t, n);
        return;
    }
#pragma omp parallel for
    for (int n = 0; n < N; n++) row(t, n);
}
