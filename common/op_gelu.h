// op_gelu.h, from lesson 08: a soft ReLU.
#ifndef OP_GELU_H
#define OP_GELU_H

#include "tensor.h"

// y = x s(2u)      u = sqrt(2/pi) (x + 0.044715 x³)      s the sigmoid
// which is x (1 + tanh u) / 2, the form that GPT-2 uses, near x times the probability that a normal number is below x.
//     x of any shape   ->   y of the same
// Source: Hendrycks and Gimpel, "Gaussian error linear units", 2016, section 2.
Tensor *op_gelu(Tape *tape, Tensor *x);

#endif
