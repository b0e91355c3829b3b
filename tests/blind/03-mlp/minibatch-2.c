// wrong: memcpy gets a number of ints where it wants a number of bytes, so only the first quarter of each context is copied.
// minibatch.c: a few examples, drawn at random.
#include "minibatch.h"
#include "util.h"

#include <string.h>

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    for (int b = 0; b < B; b++) {
        size_t i = rng_below(rng, (uint32_t)N);
        memcpy(x + (size_t)b * (size_t)block, context + i * (size_t)block, (size_t)block);
        y[b] = target[i];
    }
}
