// expect: no example ever came twice
#include "minibatch.h"
#include "util.h"

#include <stdlib.h>

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    int *order = xmalloc(N * sizeof *order);
    for (int i = 0; i < N; i++) order[i] = i;
    for (int b = 0; b < B; b++) {
        if (b % N == 0)                 // all of them were taken: shuffle, and begin anew
            for (int k = N - 1; k > 0; k--) {
                int j = rng_below(rng, k + 1), kept = order[k];
                order[k] = order[j];
                order[j] = kept;
            }
        int i = order[b % N];
        for (int k = 0; k < block; k++) x[b * block + k] = context[i * block + k];
        y[b] = target[i];
    }
    free(order);
}
