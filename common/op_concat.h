// op_concat.h, from lesson 06: two vectors behind one another.
#ifndef OP_CONCAT_H
#define OP_CONCAT_H

#include "tensor.h"

// a (...,C) and b (...,D) with the same dimensions before the last  ->  (...,C+D): each row of a, then that of b.
Tensor *op_concat(Tape *tape, Tensor *a, Tensor *b);

#endif
