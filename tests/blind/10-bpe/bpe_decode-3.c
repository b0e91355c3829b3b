// wrong: no ids are no text: NULL, where an empty string is right; shows only with n == 0.
// bpe_decode.c, your exercise: tokens as text again.
//
// Read bpe_decode.h in common/ first, then the struct Bpe in bpe.h, and `error` in util.h.
#include "bpe_decode.h"

#include <string.h>

unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e) {
    *length = 0;
    if (n == 0) return NULL;
    size_t total = 0;
    for (size_t i = 0; i < n; i++) {
        if (id[i] < 0 || id[i] >= b->size || b->token[id[i]] == NULL) {
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
