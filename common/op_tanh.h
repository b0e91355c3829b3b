// op_tanh.h, from lesson 03: the bend without which layers of matrices would be one matrix.
#ifndef OP_TANH_H
#define OP_TANH_H

#include "tensor.h"

// y = tanh(x) = (e^x - e^-x) / (e^x + e^-x), number by number: between -1 and 1.
Tensor *op_tanh(Tape *tape, Tensor *x);

#endif
