// expect: the loop goes from the front
#include "shuffle.h"
#include "rng.h"

Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = 1; i < n; i++) {
        int j = rng_below_python(&rng, i + 1);
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    int first = (int)(0.8 * n), second = (int)(0.9 * n);
    Split split = {first, second - first, n - second};
    return split;
}
