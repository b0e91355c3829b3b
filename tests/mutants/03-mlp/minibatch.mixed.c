// expect: the row mixes several examples
#include "minibatch.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    for (int b = 0; b < B; b++) {
        int i = 0;
        for (int k = 0; k < block; k++) {
            i = rng_below(rng, N);
            x[b * block + k] = context[i * block + k];
        }
        y[b] = target[i];
    }
}
