// wrong: the validation size is int(0.1*n) and not the distance of the two cuts; right for 32033 names, one too few for n = 19.
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

    Split split;
    split.train = (int)(0.8 * n);
    split.val = (int)(0.1 * n);
    split.test = n - split.train - split.val;
    return split;
}
