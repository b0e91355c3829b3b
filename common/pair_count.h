// pair_count.h, from lesson 10: which tokens stand side by side, and how often.
#ifndef PAIR_COUNT_H
#define PAIR_COUNT_H

#include "pair_table.h"

// Adds to the table how often each pair of neighbours stands in id[0..n), each time `times` times (below 0: that much is taken off again). Of the ids
// 5 5 5 the pair (5, 5) stands there twice. Pairs that are new to the table come in the order in which they stand in id[].
void pair_count(PairTable *t, const int *id, int n, long times);

#endif
