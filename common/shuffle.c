// shuffle.c, from lesson 01: the split into train, dev and test that everybody's published figures stand on.
#include "shuffle.h"
#include "rng.h"

// Fisher and Yates's shuffle: from the last place down, each place swaps with one chosen among itself and all before.
Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;
    for (int i = n - 1; i > 0; i--) {
        int j = (int)rng_below_python(&rng, (uint32_t)i + 1);
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
    int first_cut = (int)(0.8 * n), second_cut = (int)(0.9 * n);
    return (Split){.train = first_cut, .val = second_cut - first_cut, .test = n - second_cut};
}
