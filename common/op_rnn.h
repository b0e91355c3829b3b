// op_rnn.h, from lesson 06: a memory that every step reads and writes.
#ifndef OP_RNN_H
#define OP_RNN_H

#include "tensor.h"

// Runs over time, step by step:   h_t = tanh(x_t Wxᵀ + h_(t-1) Whᵀ + b)
//     x (T,B,I), wx (H,I), wh (H,H), b (H)   ->   all h_t, (T,B,H)
// Time is the first dimension in recurrent operations: what one step needs then lies together.
// state (B,H), or NULL: the h before the first step (NULL: zeros); after the call, the h of the last step, to go on from there.
// No gradient goes into it: backpropagation is truncated at the beginning of x.
// Source: Elman, "Finding structure in time", Cognitive Science 14 (1990); PyTorch's torch.nn.RNN has b as the sum of two.
Tensor *op_rnn(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state);

#endif
