// wrong: of the slots that an expert has no room for, only the first of each k is told so: break leaves the others with place 0; shows only where two or more of the same k are dropped by one expert: choices 0 0 0, K = 1, capacity 1: places 0 -1 0, where 0 -1 -1 is right.
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

    for (int i = 0; i < N * K; i++) r.asked[choice[i]]++;
    for (int e = 0; e < E; e++) {
        int row = r.start[e];
        for (int k = 0; k < K; k++)             // first choices go first
            for (int n = 0; n < N; n++) {
                int i = n * K + k;
                if (choice[i] != e) continue;
                if (capacity && row - r.start[e] == capacity) {
                    r.place[i] = -1;            // no room
                    break;
                }
                r.slot[row] = i;
                r.place[i] = row++;
            }
        r.start[e + 1] = row;
    }

    return r;
}
