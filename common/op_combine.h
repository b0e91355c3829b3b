// op_combine.h, from lesson 11: a token hears its experts.
#ifndef OP_COMBINE_H
#define OP_COMBINE_H

#include "routing.h"

// What each token's experts say, weighted by its gates and added up. A slot that was dropped says nothing.
//     x (N*K,C) rows by expert, gate (...,K) of N tokens   ->   y (...,C)
// The routing must live as long as the tape's step.
Tensor *op_combine(Tape *tape, Tensor *x, Tensor *gate, const Routing *r);

#endif
