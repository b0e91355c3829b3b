// feed_forward.h, from lesson 08: what a token thinks for itself.
#ifndef FEED_FORWARD_H
#define FEED_FORWARD_H

#include "tensor.h"

typedef Tensor *(*Activation)(Tape *tape, Tensor *x);       // op_relu, op_gelu

typedef struct {
    Tensor *up, *up_bias;       // (F,C), (F)
    Tensor *down, *down_bias;   // (C,F), (C); NULL: only the first half is there
    Activation activation;
} FeedForward;

// y = activation(x upᵀ + up_bias) downᵀ + down_bias, of each token by itself: F hidden units, usually 4C
//     x (...,C)   ->   y (...,C); without down: (...,F)
Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f);

#endif
