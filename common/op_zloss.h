// op_zloss.h, from lesson 11: a price for large logits.
#ifndef OP_ZLOSS_H
#define OP_ZLOSS_H

#include "tensor.h"

// loss = weight * mean over the rows of z², with z = ln(sum over e of e^x_e). Softmax does not care how large its inputs are, but float arithmetic does.
//     logits (...,E)   ->   loss ()
// Source: Zoph et al., "ST-MoE: designing stable and transferable sparse expert models", 2022, section 3.3.
Tensor *op_zloss(Tape *tape, Tensor *logits, double weight);

#endif
