// expect: all rows of a minibatch are the same example
#include "minibatch.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    int i = rng_below(rng, N);
    for (int b = 0; b < B; b++) {
        for (int k = 0; k < block; k++) x[b * block + k] = context[i * block + k];
        y[b] = target[i];
    }
}
