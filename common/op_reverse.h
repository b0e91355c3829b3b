// op_reverse.h, from lesson 06: sequences read from their end.
#ifndef OP_REVERSE_H
#define OP_REVERSE_H

#include "tensor.h"

// Turns the first length[b] places of every sequence of x (T,B,C) round; what stands behind them stays. length (B), or NULL: all T.
Tensor *op_reverse(Tape *tape, Tensor *x, const int *length);

#endif
