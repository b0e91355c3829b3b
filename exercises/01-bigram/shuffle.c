// shuffle.c, your exercise: the split into train, dev and test that everybody's published figures stand on.
//
// Read shuffle.h in common/ first: it says what goes in and what comes out. rng.h has the random numbers.
#include "shuffle.h"
#include "rng.h"
#include "util.h"

Split shuffle_split(int *order, int n, uint32_t seed) {
    Rng rng;
    rng_seed_python(&rng, seed);
    for (int i = 0; i < n; i++) order[i] = i;

    // From the last place down to place 1: swap it with a place drawn from 0 up to itself. rng_below_python(&rng, k) draws
    // one of 0 .. k-1 as Python does.
    TODO("shuffle order[0..n) as Python does, and say where to cut it");

    return (Split){.train = 0, .val = 0, .test = 0};
}
