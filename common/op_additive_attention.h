// op_additive_attention.h, from lesson 06: look back at earlier states, at those that fit.
#ifndef OP_ADDITIVE_ATTENTION_H
#define OP_ADDITIVE_ATTENTION_H

#include "tensor.h"

// For every place t, a mean of the values at earlier places s < t, each as heavy as its key fits the query of t:
//     score_ts = sum over a of v_a tanh(query_ta + key_sa)      weight_t. = softmax over s < t of score_t.
//     y_t = sum over s < t of weight_ts value_s                 y_0 = 0: nothing is earlier
//     query (T,B,A), key (T,B,A), v (A), value (T,B,H)   ->   y (T,B,H)
// Source: Bahdanau, Cho and Bengio, "Neural machine translation by jointly learning to align and translate", ICLR 2015, section 3.1,
// where the values are an encoder's states.
Tensor *op_additive_attention(Tape *tape, Tensor *query, Tensor *key, Tensor *v, Tensor *value);

// Of a result: the weights (B,T,T), 0 for s >= t. They live as long as the tape's step.
const float *additive_attention_weights(const Tensor *y);

#endif
