// draw.h, from lesson 03: weights at random.
#ifndef DRAW_H
#define DRAW_H

#include "rng.h"
#include "tensor.h"

// Fills w with normal numbers of mean 0 and standard deviation 1, in the order in which they lie.
void draw_normal(Rng *rng, Tensor *w);
// The same for the matrix (O,I) of op_linear, drawn as the lectures draw theirs, which is (I,O): the same numbers at the same
// connections, so that a run can be followed figure by figure.
void draw_linear(Rng *rng, Tensor *w);

#endif
