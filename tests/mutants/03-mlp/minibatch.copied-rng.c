// expect: one call draws the same examples as the call before
#include "minibatch.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    Rng own = *rng;
    for (int b = 0; b < B; b++) {
        int i = rng_below(&own, N);
        for (int k = 0; k < block; k++) x[b * block + k] = context[i * block + k];
        y[b] = target[i];
    }
}
