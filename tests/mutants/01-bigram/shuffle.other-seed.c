// expect: the generator is seeded as PyTorch does
#include "shuffle.h"
#include "rng.h"

Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i >= 1; i--) {
        int j = rng_below_python(&rng, i + 1);
        int kept = order[i];
        order[i] = order[j];
        order[j] = kept;
    }
    int first = (int)(0.8 * n), second = (int)(0.9 * n);
    Split split = {first, second - first, n - second};
    return split;
}
