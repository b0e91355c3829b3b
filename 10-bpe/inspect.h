// inspect.h of 10-bpe: tokens in a text, how they were made, and what a larger vocabulary brings.
#ifndef INSPECT_H
#define INSPECT_H

#include "bpe_train.h"

// The text, coloured by tokens, and their ids. pieces: the pieces that it was cut into before, too.
void inspect_text(const Bpe *b, const unsigned char *text, size_t n, bool pieces);
// The first merges in their order; the longest token of the text (of equals, the first) as the tree of the merges that made it.
void inspect_merges(const Bpe *b, const unsigned char *text, size_t n);
// WordPiece: a vocabulary of up to `size` entries, learned from a text; its first pieces of more than a character; and what is shown, cut into pieces.
void inspect_wordpiece(const unsigned char *text, size_t n, int size, const unsigned char *shown, size_t length);
// Bytes a token against the size of the vocabulary, learned from the first nine tenths of the text and measured on the last: printed, and drawn as
// runs/10-bpe/sizes.png.
void inspect_sizes(const unsigned char *text, size_t n, BpeTies ties);

#endif
