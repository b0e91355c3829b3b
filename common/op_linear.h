// op_linear.h, from lesson 02: a matrix product with learned weights, and a bias.
#ifndef OP_LINEAR_H
#define OP_LINEAR_H

#include "tensor.h"

// y = x Wᵀ + b:    y[n][o] = sum over i of x[n][i] w[o][i] + b[o]
//     x (..., I), its leading dimensions taken together as N rows;   w (O,I), row o makes output o, as in PyTorch;
//     b (O) or NULL;   y (..., O)
Tensor *op_linear(Tape *tape, Tensor *x, Tensor *w, Tensor *b);

#endif
