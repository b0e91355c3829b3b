// expect: the text ends at a byte 0
#include "bpe_decode.h"

#include <string.h>

static bool is_token(const Bpe *b, int id) { return id >= 0 && id < b->size && b->token[id]; }

unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e) {
    *length = 0;
    for (size_t i = 0; i < n; i++) {
        if (!is_token(b, id[i])) {
            error(e, "token %zu is %d: there is no such token", i, id[i]);
            return NULL;
        }
        *length += (size_t)b->length[id[i]];
    }
    unsigned char *text = xmalloc(*length + 1), *end = text;
    for (size_t i = 0; i < n; i++) {
        memcpy(end, b->token[id[i]], (size_t)b->length[id[i]]);
        end += b->length[id[i]];
    }
    *end = 0;
    *length = strlen((char *)text);
    return text;
}
