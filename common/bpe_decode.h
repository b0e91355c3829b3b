// bpe_decode.h, from lesson 10: tokens as text again.
#ifndef BPE_DECODE_H
#define BPE_DECODE_H

#include "bpe.h"

#include <stdio.h>

// The bytes of id[0..n), one token behind the other, into a new string; *length: how many. They need not be UTF-8: a token may end inside of a
// character, and the next one goes on there. Free it. An id that is no token: NULL, and e names it.
unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e);

#endif
