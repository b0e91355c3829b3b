// bpe_decode.c, your exercise: tokens as text again.
//
// Read bpe_decode.h in common/ first, then the struct Bpe in bpe.h, and `error` in util.h.
#include "bpe_decode.h"

#include <string.h>

unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e) {
    (void)b;
    (void)id;
    (void)n;
    (void)length;
    (void)e;
    TODO("how many bytes all tokens have together; an id that is no token: error(e, ...), and return NULL");
    TODO("memory for them, and for the 0 behind; then their bytes, one token behind the other");
    return NULL;
}
