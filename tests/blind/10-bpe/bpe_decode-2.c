// wrong: a token without bytes is taken to be no token; shows only with a token of length 0 whose bytes are not NULL: an error, where it should add nothing.
// bpe_decode.c, your exercise: tokens as text again.
//
// Read bpe_decode.h in common/ first, then the struct Bpe in bpe.h, and `error` in util.h.
#include "bpe_decode.h"

#include <string.h>

unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e) {
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        if (id[i] < 0 || id[i] >= b->size || !b->token[id[i]] || b->length[id[i]] <= 0) {
            error(e, "token %zu is %d: there is no such token", i, id[i]);
            return NULL;
        }
        total += (size_t)b->length[id[i]];
    }
    unsigned char *text = xmalloc(total + 1);
    size_t at = 0;
    for (size_t i = 0; i < n; i++) {
        memcpy(text + at, b->token[id[i]], (size_t)b->length[id[i]]);
        at += (size_t)b->length[id[i]];
    }
    text[at] = 0;
    *length = at;
    return text;
}
