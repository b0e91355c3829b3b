// grade/judges.h: what the files of lesson 10's grader share, and the checks that they hold.
#ifndef JUDGES_H
#define JUDGES_H

#include "bpe.h"
#include "grade.h"

// "5 5 7", the first three dozen of them; "nothing".
const char *ids_text(const int *id, int n);
// "\"a\\n\\xff\"", the first five dozen bytes of them.
const char *bytes_text(const unsigned char *byte, size_t n);
// Are they the same ids?
bool same_ids(const int *a, int n, const int *b, int m);
// The same bytes, in a block of their own, without a 0 behind them.
unsigned char *exact_bytes(const char *byte, size_t n);

// Adds merges to a vocabulary: "th", "the" ... each is cut into the two tokens before the | and behind it: "t|h th|e".
void learn(Bpe *b, const char *merges);
// The token with these bytes.
int token_of(const Bpe *b, const char *bytes);
// Its tokens and nothing behind them, so that AddressSanitizer sees their end.
void make_exact(Bpe *b);

// grade/pairs.c
void count_neighbours(void), count_often(void), count_more(void), merge_pairs(void), merge_overlapping(void), merge_edges(void);
// grade/training.c
void train_merges(void), train_within(void), train_ends(void), train_greater(void), train_first(void);
// grade/encoding.c
void word_by_rank(void), word_first(void), word_any(void);
// grade/decoding.c
void decode_joins(void), decode_bytes(void), decode_refuses(void);
// grade/cutting.c
void wordpiece_longest(void), wordpiece_marks(void), wordpiece_unknown(void);

#endif
