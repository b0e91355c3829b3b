// expect: what is no valid UTF-8 is left out
#include "bpe_decode.h"

#include <string.h>

static bool is_token(const Bpe *b, int id) { return id >= 0 && id < b->size && b->token[id]; }

// How many bytes the character at text[i] has; 0: it is none.
static size_t character(const unsigned char *text, size_t n, size_t i) {
    size_t length = text[i] < 0x80 ? 1 : text[i] < 0xc2 ? 0 : text[i] < 0xe0 ? 2 : text[i] < 0xf0 ? 3 : text[i] < 0xf5 ? 4 : 0;
    if (i + length > n) return 0;
    for (size_t k = 1; k < length; k++)
        if ((text[i + k] & 0xc0) != 0x80) return 0;
    return length;
}

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
    unsigned char *valid = xmalloc(3 * *length + 1);
    size_t m = 0;
    for (size_t i = 0; i < *length;) {
        size_t k = character(text, *length, i);
        if (k > 0) {
            memcpy(valid + m, text + i, k);
            m += k;
            i += k;
        } else {
            i++;
        }
    }
    valid[m] = 0;
    *length = m;
    return valid;
}
