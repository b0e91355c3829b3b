// op_rope.h, from lesson 07: positions by turning queries and keys.
#ifndef OP_ROPE_H
#define OP_ROPE_H

#include "heads.h"

// In every head, numbers 2i and 2i+1 of the query and of the key of token t are turned by the angle (first + t) base^(-2i/HS):
//     (a, b)  ->  (a cos - b sin, a sin + b cos)
// The values stay. A product of a query and a key then depends on how far apart they are, not on where.
//     qkv (B,T,3C)   ->   the same shape; HS even
// first: the position of token 0. base: 10000 in the paper.
// Source: Su et al., "RoFormer: enhanced transformer with rotary position embedding", 2021, section 3.2.2. Others (GPT-NeoX, Llama)
// pair number i with i + HS/2 instead.
Tensor *op_rope(Tape *tape, Tensor *qkv, int NH, int first, float base);

#endif
