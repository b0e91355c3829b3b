// op_penalty.h, from lesson 02: keep the weights small.
#ifndef OP_PENALTY_H
#define OP_PENALTY_H

#include "tensor.h"

// loss + strength * mean of w²: regularisation. Pulls every weight towards 0, where all outcomes are equally likely.
//     loss: one number;   w: any shape;   result: one number
Tensor *op_penalty(Tape *tape, Tensor *loss, Tensor *w, float strength);

#endif
