// pair_merge.h, from lesson 10: two neighbours become one token.
#ifndef PAIR_MERGE_H
#define PAIR_MERGE_H

// Replaces every left, right side by side in id[0..n) by `merged`, from the left on: what has become part of a new token is no neighbour any more, so
// with left and right both 5, the ids 5 5 5 become merged 5. In place; returns how many ids there are now. `merged` is new: it
// is neither left nor right.
int pair_merge(int *id, int n, int left, int right, int merged);

#endif
