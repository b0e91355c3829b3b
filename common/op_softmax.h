// op_softmax.h, from lesson 02: any numbers into probabilities.
#ifndef OP_SOFTMAX_H
#define OP_SOFTMAX_H

#include "tensor.h"

// y[n][j] = exp(x[n][j]) / sum over k of exp(x[n][k]), for every row n, whatever the size of the numbers.
//     x (..., V)   y the same shape, every row sums to 1
Tensor *op_softmax(Tape *tape, Tensor *x);

#endif
