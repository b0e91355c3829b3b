// bpe_pieces.h, from lesson 10: byte-pair tokens as a model's vocabulary: how to read, write and save them.
#ifndef BPE_PIECES_H
#define BPE_PIECES_H

#include "bpe.h"
#include "text.h"

// Tokens as pieces of a Vocab; b must live as long. A text begins behind a newline, so it starts from the newline's token. Free with bpe_pieces_free.
Pieces bpe_pieces(Bpe *b);
void bpe_pieces_free(Pieces *p);
// The same tokens again, from the bytes of such pieces. On bytes that are none: false, and e says so.
bool bpe_pieces_restore(Bpe *b, const void *bytes, size_t size, Error *e);

#endif
