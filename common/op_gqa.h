// op_gqa.h, from lesson 11: several heads share one key and one value.
#ifndef OP_GQA_H
#define OP_GQA_H

#include "tensor.h"

// Grouped-query attention has NH heads of queries, but only KV of keys and values: heads g*NH/KV .. (g+1)*NH/KV - 1 share those of group g. This
// writes them out for every head, so that op_rope and op_attention can be used as they are. The gradient of a shared key is the sum of its
// heads'. KV = NH is what we had; KV = 1 is multi-query attention.
//     x (B,T,(NH+2KV)HS): queries, keys, values   ->   qkv (B,T,3C) with C = NH*HS
// Source: Ainslie et al., "GQA: training generalized multi-query transformer models from multi-head checkpoints", EMNLP 2023.
Tensor *op_gqa(Tape *tape, Tensor *x, int NH, int KV);

#endif
