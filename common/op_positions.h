// op_positions.h, from lesson 07: what a token is, and where it stands, in one vector.
#ifndef OP_POSITIONS_H
#define OP_POSITIONS_H

#include "tensor.h"

// y_bt = x_bt + table_(first + t)
//     x (B,T,C), table (most, C), learned or not; first + T <= most   ->   y (B,T,C)
Tensor *op_positions(Tape *tape, Tensor *x, Tensor *table, int first);

#endif
