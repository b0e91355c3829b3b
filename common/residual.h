// residual.h, from lesson 08: a way round every branch, and where its norm stands.
#ifndef RESIDUAL_H
#define RESIDUAL_H

#include "tensor.h"

typedef enum { NORM_NONE, NORM_PRE, NORM_POST } NormPlace;

typedef struct {
    NormPlace place;
    bool skip;                  // the way round; without it a net of many layers hardly learns
    Tensor *gain, *bias;        // (C) of the norm, see op_layernorm.h; bias may be NULL, and both if there is no norm
} Residual;

// A branch of the net, such as attention: x (B,T,C) -> (B,T,C). ctx is handed to it.
typedef Tensor *(*Branch)(void *ctx, Tape *tape, Tensor *x);

// NORM_PRE:   y = x + branch(norm(x))      the way round is free of everything: what the loss wants of y, it wants of x too
// NORM_POST:  y = norm(x + branch(x))      as in the paper of 2017
// NORM_NONE:  y = x + branch(x)            and without skip, all three without "x +"
//     x (B,T,C)   ->   y (B,T,C)
// Source: He et al., "Deep residual learning for image recognition", 2015; Xiong et al., "On layer normalization in the transformer
// architecture", ICML 2020, for the place of the norm.
Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx);

#endif
