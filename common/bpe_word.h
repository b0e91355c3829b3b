// bpe_word.h, from lesson 10: one piece of text, as tokens.
#ifndef BPE_WORD_H
#define BPE_WORD_H

#include "bpe.h"

// The tokens of word[0..n), into id[0..n); how many there are. It begins with single bytes. Again and again, of all neighbours that merge, the pair
// of the lowest rank does (of equal ones, the first), until no neighbours merge any more. So the rank decides, not the length. A
// special token is not looked for here: its text is text like any other (bpe_encode.h finds it before).
int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id);

#endif
