// init_uniform.h, from lesson 06: weights that begin as in PyTorch.
#ifndef INIT_UNIFORM_H
#define INIT_UNIFORM_H

#include "rng.h"

#include <stddef.h>

// n numbers, evenly from -1/sqrt(inputs) to 1/sqrt(inputs): how PyTorch begins the weights and the bias of a linear layer of so many
// inputs, and all of a recurrent one with so many units.
void init_uniform(Rng *rng, float *data, size_t n, int inputs);

#endif
