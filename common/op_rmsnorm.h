// op_rmsnorm.h, from lesson 11: every row with mean square 1.
#ifndef OP_RMSNORM_H
#define OP_RMSNORM_H

#include "tensor.h"

// y = x / sqrt(mean of x² + 1e-5) * gain, of each row of C numbers by itself. Layer norm without the mean, and without a bias.
//     x (...,C), gain (C)   ->   y (...,C)
// Source: Zhang and Sennrich, "Root mean square layer normalization", NeurIPS 2019.
Tensor *op_rmsnorm(Tape *tape, Tensor *x, Tensor *gain);

#endif
