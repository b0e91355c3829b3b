// op_conv1d.h, from lesson 05: the same small window of weights at every place in time, looking back only.
#ifndef OP_CONV1D_H
#define OP_CONV1D_H

#include "tensor.h"

// A causal convolution with kernel size K, its taps `dilation` places apart:
//     y[b][t] = sum over k of w_k x[b][t - (K-1-k) * dilation] + bias         x before the first place counts as 0
// x (B,T,I), w (O,K*I): K matrices side by side, that of the oldest tap first, as op_flatten joins neighbours; bias (O) or NULL
// -> y (B,T,O). y[b][t] depends on no x after t.
// Source: van den Oord et al., "WaveNet", 2016, section 2.1.
Tensor *op_conv1d(Tape *tape, Tensor *x, Tensor *w, Tensor *bias, int K, int dilation);

#endif
