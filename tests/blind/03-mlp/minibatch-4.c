// wrong: makes the index from rng_uniform times N in place of rng_below, so the examples are random but not those that torch.randint draws.
// minibatch.c: a few examples, drawn at random.
#include "minibatch.h"
#include "util.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    for (int b = 0; b < B; b++) {
        size_t i = (size_t)(rng_uniform(rng) * (float)N);
        if (i >= (size_t)N) i = (size_t)N - 1;      // rounding
        for (int t = 0; t < block; t++) x[b * block + t] = context[i * (size_t)block + (size_t)t];
        y[b] = target[i];
    }
}
