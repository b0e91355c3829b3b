// op_dropout.h, from lesson 06: forget some of it, so that nothing relies on one unit.
#ifndef OP_DROPOUT_H
#define OP_DROPOUT_H

#include "rng.h"
#include "tensor.h"

// In training: each number of x becomes 0 with probability p, else x / (1 - p), so that the mean stays as it was. One rng_uniform a
// number, in order: it stays if that is p or more. In evaluation, or with p = 0: x itself. p is from 0 to below 1.
// Source: Srivastava et al., "Dropout", JMLR 15 (2014), in the form that scales while training.
Tensor *op_dropout(Tape *tape, Tensor *x, double p, Rng *rng, bool training);

#endif
