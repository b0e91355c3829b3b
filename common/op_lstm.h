// op_lstm.h, from lesson 06: a memory behind gates.
#ifndef OP_LSTM_H
#define OP_LSTM_H

#include "tensor.h"

// Runs over time, step by step; s is the sigmoid, * number by number:
//     i, f, o = s(x_t Wxᵀ + h_(t-1) Whᵀ + b)      how much to write, to keep, to show: a quarter of the rows of Wx, Wh, b each
//     g = tanh(the same)                          what to write
//     c_t = f * c_(t-1) + i * g                   the cell: changed only by adding and scaling
//     h_t = o * tanh(c_t)
//     x (T,B,I), wx (4H,I), wh (4H,H), b (4H)   ->   all h_t, (T,B,H)
// The quarters stand in the order i, f, g, o, as in PyTorch's torch.nn.LSTM, whose two biases are one here.
// state (2,B,H), h and then c, or NULL: before the first step (NULL: zeros); after the call, after the last. No gradient goes into it.
// Source: Hochreiter and Schmidhuber, "Long short-term memory", 1997; the forget gate: Gers, Schmidhuber and Cummins, 2000.
Tensor *op_lstm(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state);

#endif
