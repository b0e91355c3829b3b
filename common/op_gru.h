// op_gru.h, from lesson 06: a memory with two gates and no cell.
#ifndef OP_GRU_H
#define OP_GRU_H

#include "tensor.h"

// Runs over time, step by step; s is the sigmoid, * number by number:
//     r = s(x_t Wrᵀ + h_(t-1) Urᵀ + br)           how much of the old state to look at
//     z = s(x_t Wzᵀ + h_(t-1) Uzᵀ + bz)           how much of it to keep
//     n = tanh(x_t Wnᵀ + bn + r * (h_(t-1) Unᵀ))  what to put in its place
//     h_t = (1 - z) * n + z * h_(t-1)
//     x (T,B,I), wx (3H,I) = Wr Wz Wn, wh (3H,H) = Ur Uz Un, b (3H)   ->   all h_t, (T,B,H)
// The reset gate works after the product with Un, as in PyTorch's torch.nn.GRU (whose hidden bias is 0 here) and on GPUs ever since;
// Cho and others put it before, s(...) * h_(t-1) inside the product. Both are called GRU; their weights cannot be exchanged.
// state (B,H), or NULL: as in op_rnn.h.
// Source: Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014.
Tensor *op_gru(Tape *tape, Tensor *x, Tensor *wx, Tensor *wh, Tensor *b, float *state);

#endif
