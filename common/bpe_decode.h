// bpe_decode.h, from lesson 10: tokens as text again.
#ifndef BPE_DECODE_H
#define BPE_DECODE_H

#include "bpe.h"

#include <stdio.h>

// The bytes of id[0..n), one token behind the other, into a new string; *length: how many, without the 0 that stands behind them. They need not be
// UTF-8: a token may end inside of a character, and the next one goes on there; and any of them may be 0. Free it. An id that is no token (below 0, from
// b->size on, or one whose token is NULL): NULL, and e names it.
unsigned char *bpe_decode(const Bpe *b, const int *id, size_t n, size_t *length, Error *e);

#endif
