// batchnorm.h, from lesson 04: what a batch normalisation learns, and what it keeps.
#ifndef BATCHNORM_H
#define BATCHNORM_H

#include "params.h"

typedef struct {
    Tensor *gain, *bias;    // (C) each, learned
    Tensor *mean, *var;     // (C) each, running estimates: buffers, used in evaluation
    float momentum;         // how far a step moves them towards its own batch's
    float eps;              // added to the variance, lest a column that never changes be divided by 0
} BatchNorm;

// Declares NAME.gain, NAME.bias, NAME.mean and NAME.var.
BatchNorm batchnorm_add(Params *p, const char *name, int C, float momentum);
// After params_allocate: gain as given, bias 0, mean 0, var 1.
void batchnorm_reset(BatchNorm *bn, float gain);

#endif
