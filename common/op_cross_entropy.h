// op_cross_entropy.h, from lesson 02: the loss that a language model is trained on.
#ifndef OP_CROSS_ENTROPY_H
#define OP_CROSS_ENTROPY_H

#include "tensor.h"

#include <limits.h>

enum { NO_IGNORE = INT_MIN };

// The mean over n of -ln softmax(logits[n])[target[n]]: what the softmax gives to the id that came (lesson 01's nll).
// Rows whose target is ignore_index (padding) count neither in the sum nor in how many; NO_IGNORE: all rows count.
//     logits (..., V), N rows;   target (N), each 0 .. V-1 or ignore_index;   result: one number, 0 if all are ignored
Tensor *op_cross_entropy(Tape *tape, Tensor *logits, const int *target, int ignore_index);

#endif
