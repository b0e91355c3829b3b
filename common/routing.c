// routing.c, from lesson 11: which tokens each expert works on.
#include "routing.h"

#include <limits.h>
#include <math.h>
#include <string.h>

int routing_capacity(int N, int K, int E, double factor) {
    double rows = ceil(factor * N * K / E);
    return rows < INT_MAX ? (int)rows : INT_MAX;
}

static int *ints(Tape *tape, int n) {
    int *v = arena_alloc(&tape->arena, (size_t)n * sizeof *v);
    memset(v, 0, (size_t)n * sizeof *v);
    return v;
}

Routing routing_of(Tape *tape, const int *choice, int N, int K, int E, int capacity) {
    Routing r = {N, K, E, choice, ints(tape, N * K), ints(tape, N * K), ints(tape, E + 1), ints(tape, E)};
    for (int k = 0; k < K; k++)             // where it would stand among those of its expert
        for (int n = 0; n < N; n++) {
            int e = choice[n * K + k], before = r.asked[e]++;
            r.place[n * K + k] = capacity && before >= capacity ? -1 : before;
        }
    for (int e = 0; e < E; e++) r.start[e + 1] = r.start[e] + (capacity ? min_int(capacity, r.asked[e]) : r.asked[e]);
    for (int i = 0; i < N * K; i++) {       // and there the expert's rows begin
        if (r.place[i] < 0) continue;
        r.place[i] += r.start[choice[i]];
        r.slot[r.place[i]] = i;
    }
    return r;
}
