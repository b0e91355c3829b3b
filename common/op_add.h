// op_add.h, from lesson 08: two ways come together.
#ifndef OP_ADD_H
#define OP_ADD_H

#include "tensor.h"

// y = a + b, of the same shape, which y has too
Tensor *op_add(Tape *tape, Tensor *a, Tensor *b);

#endif
