// bpe_encode.h, from lesson 10: a text of any length as tokens, piece by piece.
#ifndef BPE_ENCODE_H
#define BPE_ENCODE_H

#include "bpe.h"

// Cuts a text as pretokenize.h says, and each piece into tokens as bpe_word.h says. Words come again and again, so what a piece became is kept in
// a table of fixed size. Memory: that table, and as much as the longest piece takes.
typedef struct BpeEncoder BpeEncoder;

// b must live as long. special: special tokens in the text become their ids; without it, they are text like any other.
BpeEncoder *bpe_encoder_new(const Bpe *b, bool special);
void bpe_encoder_free(BpeEncoder *e);
// Feeds n more bytes; tokens(ctx, id, count) is called with what is complete. end: nothing comes after these bytes.
void bpe_encoder_feed(BpeEncoder *e, const unsigned char *text, size_t n, bool end, void (*tokens)(void *ctx, const int *id, int count), void *ctx);

// A whole text at once, into id[] (room for n); how many there are.
size_t bpe_encode(const Bpe *b, const unsigned char *text, size_t n, bool special, int *id);

#endif
