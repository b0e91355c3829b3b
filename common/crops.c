// crops.c, from lesson 07: pieces of a running text, each place with what comes next.
#include "crops.h"

#include <string.h>

static void crop(Stream s, size_t from, int T, int *x, int *y) {
    memcpy(x, s.id + from, (size_t)T * sizeof *x);
    memcpy(y, s.id + from + 1, (size_t)T * sizeof *y);
}

void crops_draw(Stream s, int B, int T, Rng *rng, int *x, int *y) {
    CHECK(s.n > (size_t)T, "crops_draw: a text of %zu ids, want more than %d", s.n, T);
    for (int b = 0; b < B; b++) crop(s, rng_below(rng, (uint32_t)(s.n - (size_t)T)), T, x + b * T, y + b * T);
}

int crops_count(Stream s, int T) { return s.n ? (int)((s.n - 1) / (size_t)T) : 0; }

void crops_in_order(Stream s, int first, int B, int T, int *x, int *y) {
    for (int b = 0; b < B; b++) crop(s, (size_t)(first + b) * (size_t)T, T, x + b * T, y + b * T);
}
