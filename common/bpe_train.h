// bpe_train.h, from lesson 10: learning merges from a text.
#ifndef BPE_TRAIN_H
#define BPE_TRAIN_H

#include "bpe.h"
#include "bpe_words.h"

// Which of several pairs that stand side by side equally often is merged: the greater pair of byte strings (its left part, and of equal ones its right
// part, compared as bytes), as in Stanford's CS336; or the one that comes first in the text, as in minbpe.
typedef enum { TIES_GREATER, TIES_FIRST } BpeTies;

// Learns merges until there are `size` tokens: again and again, the pair that stands side by side most often in the words becomes a token. It ends
// earlier when no pair stands there twice: there is nothing to learn from what happened once. No pair reaches from one word into the next. The words are
// merged, too: in the end they hold the tokens of what was learned.
// Source: Sennrich, Haddow and Birch, "Neural machine translation of rare words with subword units", ACL 2016.
Bpe bpe_train(BpeWords *words, int size, BpeTies ties);

#endif
