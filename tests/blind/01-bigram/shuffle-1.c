// wrong: every place draws among all n places instead of 0 .. i, so it is not Fisher and Yates's shuffle and not Python's order.
#include "shuffle.h"
#include "rng.h"
#include "util.h"

Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;

    for (int i = n - 1; i >= 1; i--) {
        int j = (int)rng_below_python(&rng, (uint32_t)n);
        int t = order[i];
        order[i] = order[j];
        order[j] = t;
    }

    int a = (int)(0.8 * n), b = (int)(0.9 * n);
    return (Split){.train = a, .val = b - a, .test = n - b};
}
