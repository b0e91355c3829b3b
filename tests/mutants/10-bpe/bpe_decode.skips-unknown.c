// expect: is no token (ids end at b->size - 1), and yet there is a text
#include "bpe_decode.h"

#include <string.h>

static bool is_token(const Bpe *b, int id) { return id >= 0 && id < b->size && b->token[id]; }

unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e) {
    *length = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_token(b, id[i])) {
            (void)e;
            continue;
        }
        *length += (size_t)b->length[id[i]];
    }
    unsigned char *text = xmalloc(*length + 1), *end = text;
    for (size_t i = 0; i < n; i++) {
        if (!is_token(b, id[i])) continue;
        memcpy(end, b->token[id[i]], (size_t)b->length[id[i]]);
        end += b->length[id[i]];
    }
    *end = 0;
    return text;
}
