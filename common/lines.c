// lines.c, from lesson 08: names as rows of one length, each from its own beginning.
#include "lines.h"

#include <stdlib.h>

Lines lines_of(Stream s) {
    Lines l = {.id = s.id, .start = xmalloc((s.n + 1) * sizeof *l.start), .length = xmalloc((s.n + 1) * sizeof *l.length)};
    for (size_t i = 1, from = 1; i < s.n; i++) {
        if (s.id[i] != 0) continue;
        l.start[l.count] = from;
        l.length[l.count] = (int)(i - from);
        l.longest = max_int(l.longest, l.length[l.count++]);
        from = i + 1;
    }
    return l;
}

void lines_free(Lines *l) {
    free(l->start);
    free(l->length);
    *l = (Lines){0};
}

void lines_batch(const Lines *l, const int *which, int B, int T, int *x, int *y) {
    for (int b = 0; b < B; b++, x += T, y += T) {
        const int *id = l->id + l->start[which[b]];
        int length = l->length[which[b]];
        CHECK(length < T, "lines_batch: a name of %d characters, want less than %d", length, T);
        for (int t = 0; t < T; t++) {
            x[t] = t > 0 && t <= length ? id[t - 1] : 0;
            y[t] = t < length ? id[t] : t == length ? 0 : LINES_IGNORE;
        }
    }
}
