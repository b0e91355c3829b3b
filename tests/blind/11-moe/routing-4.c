// wrong: start is noted whenever an expert gets a row, so it stays 0 behind one that nobody asked; shows only there: choices 0 0 2, K = 1, E = 4: start 0 2 0 3 0, where 0 2 2 3 3 is right.
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

    int row = 0;
    for (int e = 0; e < E; e++)
        for (int k = 0; k < K; k++)             // first choices go first
            for (int n = 0; n < N; n++) {
                int i = n * K + k;
                if (choice[i] != e) continue;
                if (capacity && r.asked[e] >= capacity) r.place[i] = -1;
                else {
                    r.slot[row] = i;
                    r.place[i] = row++;
                    r.start[e + 1] = row;
                }
                r.asked[e]++;
            }

    return r;
}
