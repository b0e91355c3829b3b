// wrong: swaps with XOR, which turns a place into 0 when it is swapped with itself, so examples are lost.
#include "shuffle.h"
#include "rng.h"
#include "util.h"

static void swap(int *a, int *b) {
    *a ^= *b;
    *b ^= *a;
    *a ^= *b;
}

Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;

    for (int i = n - 1; i >= 1; i--) {
        uint32_t j = rng_below_python(&rng, (uint32_t)i + 1);
        swap(&order[i], &order[j]);
    }

    int a = (int)(0.8 * n), b = (int)(0.9 * n);
    return (Split){.train = a, .val = b - a, .test = n - b};
}
