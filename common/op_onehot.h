// op_onehot.h, from lesson 02: ids as rows of zeros with a single one.
#ifndef OP_ONEHOT_H
#define OP_ONEHOT_H

#include "tensor.h"

// y[n][id[n]] = 1, all else 0.     id (N), each 0 .. V-1;   y (N,V), without gradient
Tensor *op_onehot(Tape *tape, const int *id, int N, int V);

#endif
