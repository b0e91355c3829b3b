// minibatch.c, from lesson 03: a few examples, drawn at random.
#include "minibatch.h"

#include <string.h>

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    for (int b = 0; b < B; b++) {
        size_t i = rng_below(rng, (uint32_t)N), width = (size_t)block;
        memcpy(x + (size_t)b * width, context + i * width, width * sizeof *x);
        y[b] = target[i];
    }
}
