// op_experts.h, from lesson 11: every expert's matrix, with its own rows.
#ifndef OP_EXPERTS_H
#define OP_EXPERTS_H

#include "routing.h"

// y = x w[e]ᵀ for the rows of each expert e: one matrix product an expert. Rows behind the last one stay 0.
//     x (N*K,I), w (E,O,I)   ->   y (N*K,O)
// The routing must live as long as the tape's step.
Tensor *op_experts(Tape *tape, Tensor *x, Tensor *w, const Routing *r);

#endif
