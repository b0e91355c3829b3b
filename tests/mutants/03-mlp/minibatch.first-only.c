// expect: a minibatch is always the first B examples
#include "minibatch.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    (void)rng;
    for (int b = 0; b < B; b++) {
        int i = b % N;
        for (int k = 0; k < block; k++) x[b * block + k] = context[i * block + k];
        y[b] = target[i];
    }
}
