// op_attention.h, from lesson 07: every token looks at itself and at those before it.
#ifndef OP_ATTENTION_H
#define OP_ATTENTION_H

#include "heads.h"

// For each head by itself, with q_t, k_t, v_t its HS numbers of token t (see heads.h):
//     score_ts = q_t . k_s / sqrt(HS) - slope (t - s)       for s <= t
//     weight_t. = softmax over s <= t of score_t.           y_t = sum over s <= t of weight_ts v_s
//     qkv (B,T,3C)   ->   y (B,T,C), the heads side by side
// slope (NH): ALiBi's, one a head (see alibi.h), or NULL: none. It is read during the call only.
// Source: Vaswani et al., "Attention is all you need", 2017, section 3.2.
Tensor *op_attention(Tape *tape, Tensor *qkv, int NH, const float *slope);

// Of a result: the weights of head h of example b, into weight (T,T), 0 for s > t. Of long texts they are computed again: nothing keeps them.
void attention_weights(const Tensor *y, int b, int h, float *weight);

#endif
