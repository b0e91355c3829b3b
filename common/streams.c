// streams.c, from lesson 06: a long text as several streams, read side by side.
#include "streams.h"

Streams streams_of(const int *id, size_t n, int B) {
    while (B > 1 && n / (size_t)B < 2) B--;
    return (Streams){.id = id, .n = n, .part = n / (size_t)B, .B = B};
}

int streams_next(Streams *s, int T, int *x, int *y, bool *fresh) {
    size_t left = s->part > s->at + 1 ? s->part - s->at - 1 : 0;
    if (left < (size_t)T) T = (int)left;
    *fresh = s->at == 0;
    for (int t = 0; t < T; t++)
        for (int b = 0; b < s->B; b++) {
            const int *id = s->id + (size_t)b * s->part + s->at + (size_t)t;
            x[t * s->B + b] = id[0];
            y[t * s->B + b] = id[1];
        }
    s->at = T ? s->at + (size_t)T : 0;
    return T;
}
