// wrong: T is the length of the longest sequence of all, not the greatest of this batch.
// sequences.c, your exercise: short texts of their own, such as names, filled up to one length.
//
// Read sequences.h in common/ first, and the special words' ids at the beginning of words.h. sequences_batch is yours to write.
#include "sequences.h"
#include "words.h"

#include <stdlib.h>

Sequences sequences_of(const int *id, size_t n, int most) {
    Sequences s = {.id = id};
    size_t ends = 1, start = 0;
    for (size_t i = 0; i < n; i++) ends += id[i] == WORD_EOS;
    s.start = xmalloc(ends * sizeof *s.start);
    s.length = xmalloc(ends * sizeof *s.length);
    for (size_t i = 0; i < n; i++) {
        if (id[i] != WORD_EOS) continue;
        size_t length = i + 1 - start;
        if (length > 1 && length <= (size_t)most) {
            s.start[s.count] = start;
            s.length[s.count++] = (int)length;
            s.longest = max_int(s.longest, (int)length);
        }
        start = i + 1;
    }
    return s;
}

void sequences_free(Sequences *s) {
    free(s->start);
    free(s->length);
    *s = (Sequences){0};
}

int sequences_batch(const Sequences *s, const int *which, int B, int *x, int *y, int *length) {
    int T = 0;
    for (int b = 0; b < B; b++) length[b] = s->length[which[b]];
    T = s->longest;

    for (int b = 0; b < B; b++) {
        const int *id = s->id + s->start[which[b]];
        for (int t = 0; t < T; t++) {
            x[t * B + b] = t >= length[b] ? WORD_PAD : t == 0 ? WORD_BOS : id[t - 1];
            y[t * B + b] = t >= length[b] ? WORD_PAD : id[t];
        }
    }

    return T;
}

void sequences_backwards(const Sequences *s, const int *which, int B, int T, int *x) {
    for (int t = 0; t < T; t++)
        for (int b = 0; b < B; b++) {
            int length = s->length[which[b]];
            x[t * B + b] = t >= length ? WORD_PAD : t == 0 ? WORD_BOS : s->id[s->start[which[b]] + (size_t)(length - t)];
        }
}
