// op_reshape.h, from lesson 03: the same numbers in another shape.
#ifndef OP_RESHAPE_H
#define OP_RESHAPE_H

#include "tensor.h"

// The numbers of x in the same order, with another shape of the same size. No number moves: y's data are x's.
Tensor *op_reshape(Tape *tape, Tensor *x, int ndim, const int *shape);

#endif
