// wrong: draws from a copy of the generator and never puts it back, so the caller gets the same minibatch at every call.
// minibatch.c: a few examples, drawn at random.
#include "minibatch.h"
#include "util.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    Rng r = *rng;       // a value: copied, so that it is at hand in the loop
    for (int b = 0; b < B; b++) {
        size_t i = rng_below(&r, (uint32_t)N);
        for (int t = 0; t < block; t++) x[b * block + t] = context[i * (size_t)block + (size_t)t];
        y[b] = target[i];
    }
}
