// op_layernorm.h, from lesson 08: every row with mean 0 and variance 1.
#ifndef OP_LAYERNORM_H
#define OP_LAYERNORM_H

#include "tensor.h"

// Of each row of C numbers, by itself, in training and after:
//     m = mean of x      v = mean of (x - m)²      y = (x - m) / sqrt(v + 1e-5) * gain + bias
//     x (..., C), gain (C), bias (C) or NULL   ->   y (..., C)
// The variance is the biased one, divided by C, as in PyTorch. Source: Ba, Kiros and Hinton, "Layer normalization", 2016.
Tensor *op_layernorm(Tape *tape, Tensor *x, Tensor *gain, Tensor *bias);

#endif
