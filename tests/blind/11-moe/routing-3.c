// wrong: all first choices come before the others, but of those it is one token after the other; shows only with K > 2 and a capacity: choices (0,1,2) (1,2,0), capacity 1: expert 2 goes to the third choice of token 0, and should go to the second of token 1.
// routing.c, your exercise: which tokens each expert works on.
//
// Read routing.h in common/ first. Without capacity to begin with: that is for the extra points.
#include "routing.h"

#include <math.h>
#include <string.h>

int routing_capacity(int N, int K, int E, double factor) {
    return (int)ceil(factor * N * K / E);
}

// n zeros that live as long as the tape's step.
static int *ints(Tape *tape, int n) {
    int *v = arena_alloc(&tape->arena, (size_t)n * sizeof *v);
    memset(v, 0, (size_t)n * sizeof *v);
    return v;
}

Routing routing_of(Tape *tape, const int *choice, int N, int K, int E, int capacity) {
    Routing r = {N, K, E, choice, .place = ints(tape, N * K), .slot = ints(tape, N * K), .start = ints(tape, E + 1), .asked = ints(tape, E)};

    for (int n = 0; n < N; n++) {               // first choices go first
        int i = n * K, before = r.asked[choice[i]]++;
        r.place[i] = capacity && before >= capacity ? -1 : before;
    }
    for (int n = 0; n < N; n++)
        for (int k = 1; k < K; k++) {
            int i = n * K + k, before = r.asked[choice[i]]++;
            r.place[i] = capacity && before >= capacity ? -1 : before;
        }
    for (int e = 0; e < E; e++) r.start[e + 1] = r.start[e] + (capacity && r.asked[e] > capacity ? capacity : r.asked[e]);
    for (int i = 0; i < N * K; i++) {
        if (r.place[i] < 0) continue;
        r.place[i] += r.start[choice[i]];
        r.slot[r.place[i]] = i;
    }

    return r;
}
