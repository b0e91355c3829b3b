// op_dispatch.h, from lesson 11: tokens go to their experts.
#ifndef OP_DISPATCH_H
#define OP_DISPATCH_H

#include "routing.h"

// Copies each token's numbers into the rows of its experts. y has room for all slots: behind the last row it is 0.
//     x (...,C) of N tokens   ->   y (N*K,C)
// The routing must live as long as the tape's step.
Tensor *op_dispatch(Tape *tape, Tensor *x, const Routing *r);

#endif
