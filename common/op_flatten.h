// op_flatten.h, from lesson 05: neighbours in time become one longer vector.
#ifndef OP_FLATTEN_H
#define OP_FLATTEN_H

#include "tensor.h"

// Joins every n neighbours, the earlier first: x (B,T,C) -> y (B,T/n,n*C), and where that leaves one place, (B,n*C).
//     y[b][t] = x[b][t*n], x[b][t*n + 1], ..., x[b][t*n + n-1]
// n must divide T.
Tensor *op_flatten(Tape *tape, Tensor *x, int n);

#endif
