// block.h, from lesson 08: a transformer block: tokens talk to each other, then each thinks for itself.
#ifndef BLOCK_H
#define BLOCK_H

#include "feed_forward.h"
#include "params.h"
#include "residual.h"
#include "rng.h"

typedef struct {
    int C, NH;
    int ratio;                  // the feed-forward net has ratio * C hidden units; 0: it is one matrix (C,C) and the activation
    NormPlace norm;
    bool skip;                  // residual connections
    bool proj;                  // a matrix behind attention, which mixes its heads
    bool qkv_bias, bias;        // have queries, keys and values a bias? have all the others, and the norms?
    Activation activation;
    double dropout;             // of each branch's result, in training
} BlockShape;

typedef struct {
    BlockShape shape;
    Tensor *qkv, *qkv_bias;     // (3C,C), (3C) or NULL
    Tensor *proj, *proj_bias;   // (C,C), (C), or NULL
    FeedForward forward;
    Residual talk, think;       // how each of the two branches is joined in
    // How tokens look at each other, qkv (B,T,3C) -> (B,T,C). NULL: op_attention, all at once.
    Tensor *(*attend)(void *ctx, Tape *tape, Tensor *qkv, int NH);
    void *attend_ctx;
} Block;

// Declares a parameter of a layer: "blocks.LAYER.WHAT".
Tensor *block_param(Params *p, int layer, const char *what, int ndim, const int *shape);
// Declares the block's parameters: "blocks.LAYER.attention.qkv" and so on.
void block_add(Block *block, Params *p, BlockShape shape, int layer);
// Weights of norms 1, biases of norms 0; all else uniform between -1/sqrt(inputs) and 1/sqrt(inputs), as PyTorch begins.
void block_randomise(const Block *block, Rng *rng);
//     x (B,T,C)   ->   y (B,T,C)
// rng: for dropout, used in training only.
Tensor *block_forward(Tape *tape, Tensor *x, Block *block, Rng *rng, bool training);

#endif
