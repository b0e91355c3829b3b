// routing.c, a solution: which tokens each expert works on.
#include "routing.h"

#include <limits.h>
#include <math.h>
#include <string.h>

int routing_capacity(int N, int K, int E, double factor) {
    double rows = ceil(factor * N * K / E);
    return rows < INT_MAX ? (int)rows : INT_MAX;
}

// n zeros that live as long as the tape's step.
static int *ints(Tape *tape, int n) {
    int *v = arena_alloc(&tape->arena, (size_t)n * sizeof *v);
    memset(v, 0, (size_t)n * sizeof *v);
    return v;
}

Routing routing_of(Tape *tape, const int *choice, int N, int K, int E, int capacity) {
    Routing r = {N, K, E, choice, .place = ints(tape, N * K), .slot = ints(tape, N * K), .start = ints(tape, E + 1), .asked = ints(tape, E)};

    for (int k = 0; k < K; k++)                 // first choices first
        for (int n = 0; n < N; n++) {
            int i = n * K + k, before = r.asked[choice[i]]++;
            r.place[i] = capacity && before >= capacity ? -1 : before;      // among its expert's rows, to begin with
        }
    for (int e = 0; e < E; e++) {
        int rows = capacity && r.asked[e] > capacity ? capacity : r.asked[e];
        r.start[e + 1] = r.start[e] + rows;
    }
    for (int i = 0; i < N * K; i++) {
        if (r.place[i] < 0) continue;
        r.place[i] += r.start[choice[i]];
        r.slot[r.place[i]] = i;
    }
    return r;
}
