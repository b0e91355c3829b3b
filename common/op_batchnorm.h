// op_batchnorm.h, from lesson 04: every column with mean 0 and variance 1 over the batch.
#ifndef OP_BATCHNORM_H
#define OP_BATCHNORM_H

#include "batchnorm.h"

// x (...,C) -> y (...,C). All dimensions but the last together are the rows of the batch, N of them.
//     y = gain * (x - m) / sqrt(v + eps) + bias       column by column
// In training, m and v are the mean and the variance of the column in this batch, and the running estimates move towards them:
//     mean = (1 - momentum) mean + momentum m,   var = (1 - momentum) var + momentum v
// In evaluation, m and v are the running estimates, which stay as they are: the answer for one row does not depend on others.
// The variance is the unbiased one, divided by N - 1, in both places, as in the lectures. (PyTorch's BatchNorm1d divides by N where
// it normalises, and by N - 1 where it keeps.) In training N must be 2 or more.
// Source: Ioffe and Szegedy, "Batch normalization", ICML 2015, algorithm 1.
Tensor *op_batchnorm(Tape *tape, Tensor *x, BatchNorm *bn, bool training);

#endif
