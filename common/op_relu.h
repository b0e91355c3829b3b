// op_relu.h, from lesson 04: what is negative becomes 0.
#ifndef OP_RELU_H
#define OP_RELU_H

#include "tensor.h"

// y = max(x, 0), any shape. At 0 the gradient is 0.
Tensor *op_relu(Tape *tape, Tensor *x);

#endif
