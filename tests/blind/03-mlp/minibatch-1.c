// wrong: draws without replacement: an example that is already in the minibatch is drawn again until it is a new one.
// minibatch.c: a few examples, drawn at random.
#include "minibatch.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    bool *used = xcalloc((size_t)N, sizeof *used);
    for (int b = 0; b < B; b++) {
        if (b > 0 && b % N == 0) memset(used, 0, (size_t)N * sizeof *used);     // all were drawn: begin again
        size_t i = rng_below(rng, (uint32_t)N);
        while (used[i]) i = rng_below(rng, (uint32_t)N);
        used[i] = true;
        for (int t = 0; t < block; t++) x[b * block + t] = context[i * (size_t)block + (size_t)t];
        y[b] = target[i];
    }
    free(used);
}
