// inspect.h of 01-bigram: looking into the table.
#ifndef INSPECT_H
#define INSPECT_H

#include "ngram.h"
#include "text.h"

// The table of pair counts, as shades in the terminal and as DIR/pairs.png; the commonest pairs, and the impossible ones.
void inspect_pairs(const Text *t, const char *dir);
// How likely a word is, letter by letter.
void inspect_word(const Ngram *m, const Vocab *vocab, int boundary, const char *word);
// What longer contexts bring, on the text they were counted on and on text they were not.
void inspect_orders(const Text *t);

#endif
