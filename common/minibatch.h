// minibatch.h, from lesson 03: a few examples, drawn at random.
#ifndef MINIBATCH_H
#define MINIBATCH_H

#include "rng.h"

// Draws B of N examples, each time from all of them (with replacement), by B calls of rng_below(rng, N), in order, as
// torch.randint does; copies their contexts and targets.
//     context (N, block), target (N)   ->   x (B, block), y (B)
void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y);

#endif
