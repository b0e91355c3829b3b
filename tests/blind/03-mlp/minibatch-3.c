// wrong: draws below N - 1, so the last example can never be drawn.
// minibatch.c: a few examples, drawn at random.
#include "minibatch.h"
#include "util.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    for (int b = 0; b < B; b++) {
        size_t i = N > 1 ? rng_below(rng, (uint32_t)(N - 1)) : 0;   // an index: 0 .. N-1
        for (int t = 0; t < block; t++) x[b * block + t] = context[i * (size_t)block + (size_t)t];
        y[b] = target[i];
    }
}
