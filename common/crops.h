// crops.h, from lesson 07: pieces of a running text, each place with what comes next.
#ifndef CROPS_H
#define CROPS_H

#include "rng.h"
#include "text.h"

// B pieces of T places, drawn anywhere in the stream: x (B,T), and what comes after each place, y (B,T). The stream has more than T ids.
void crops_draw(Stream s, int B, int T, Rng *rng, int *x, int *y);
// How many pieces of T places stand one behind the other in the stream; what is left over at the end is no piece.
int crops_count(Stream s, int T);
// B of these pieces, from number `first` on.
void crops_in_order(Stream s, int first, int B, int T, int *x, int *y);

#endif
