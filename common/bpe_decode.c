// bpe_decode.c, from lesson 10: tokens as text again.
#include "bpe_decode.h"

#include <stdlib.h>
#include <string.h>

unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e) {
    size_t all = 0;
    for (size_t i = 0; i < n; i++) {
        if (id[i] < 0 || id[i] >= b->size || !b->token[id[i]]) {
            error(e, "token %zu is %d: this vocabulary has no such token (its ids go up to %d)", i, id[i], b->size - 1);
            return NULL;
        }
        all += (size_t)b->length[id[i]];
    }
    unsigned char *text = xmalloc(all + 1), *at = text;
    for (size_t i = 0; i < n; i++) {
        memcpy(at, b->token[id[i]], (size_t)b->length[id[i]]);
        at += b->length[id[i]];
    }
    *at = 0;
    *length = all;
    return text;
}
