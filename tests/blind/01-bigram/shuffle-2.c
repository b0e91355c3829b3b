// wrong: returns the place of the second cut as the size of the validation part, so the three do not add up to n.
#include "shuffle.h"
#include "rng.h"
#include "util.h"

Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;

    for (int i = n - 1; i >= 1; i--) {
        int j = (int)rng_below_python(&rng, (uint32_t)i + 1);
        int t = order[i];
        order[i] = order[j];
        order[j] = t;
    }

    int train = (int)(0.8 * n);
    int val = (int)(0.9 * n);
    return (Split){.train = train, .val = val, .test = n - val};
}
