// grade/shared.c of 11-moe: what the files of lesson 11's grader share.
#include "judges.h"

#include <math.h>
#include <string.h>

const char *was(float start) { return start != 0 ? xprintf("with %g there before, ", (double)start) : ""; }

void unwanted(Tensor *t) {
    t->wants_grad = false;
    t->grad = NULL;
}

bool same_ints(const int *a, const int *b, int n) { return memcmp(a, b, (size_t)n * sizeof *a) == 0; }

const char *ints_text(const int *v, int n) {
    enum { MOST = 16 };
    const char *text = "";
    for (int i = 0; i < n && i < MOST; i++) text = xprintf("%s%s%d", text, i ? " " : "", v[i]);
    return n > MOST ? xprintf("%s ...", text) : text;
}

const Routing *given_routing(const int *choice, int N, int K, int E, int capacity) {
    int *place = xmalloc((size_t)(N * K) * sizeof(int)), *start = xcalloc((size_t)E + 1, sizeof(int)), *asked = xcalloc((size_t)E, sizeof(int));
    for (int k = 0; k < K; k++)
        for (int n = 0; n < N; n++) {
            int e = choice[n * K + k], before = asked[e]++;
            place[n * K + k] = capacity && before >= capacity ? -1 : before;
        }
    for (int e = 0; e < E; e++) start[e + 1] = start[e] + (capacity ? min_int(asked[e], capacity) : asked[e]);
    int *slot = xmalloc((size_t)start[E] * sizeof(int));
    for (int i = 0; i < N * K; i++)
        if (place[i] >= 0) {
            place[i] = start[choice[i] + 1] - 1 - place[i];
            slot[place[i]] = i;
        }
    Routing *r = xmalloc(sizeof *r);
    *r = (Routing){N, K, E, given_ints(choice, (size_t)(N * K)), place, slot, start, asked};
    return r;
}
