// kvcache.h, from lesson 09: keys and values of what was read already, so that nobody makes them twice.
#ifndef KVCACHE_H
#define KVCACHE_H

#include "tensor.h"

// With attention that looks only back, nothing that a token has computed changes when another comes behind it. So each layer keeps the
// keys and values of all tokens so far, and a new one makes its own query, key and value only.
typedef struct {
    int L, T, C;            // layers, room for so many tokens, numbers of a key
    int used;               // tokens that it holds, in every layer
    float *data;            // (L, 2, T, C): the keys, then the values of each layer
} KvCache;

KvCache kvcache_new(int L, int T, int C);
void kvcache_free(KvCache *c);
// (T,C) of a layer: row s belongs to token s.
float *kvcache_keys(const KvCache *c, int layer);
float *kvcache_values(const KvCache *c, int layer);

// Writes the keys and values of n new tokens, out of qkv (1,n,3C) as in heads.h, behind the `used` ones of a layer.
void kvcache_store(const KvCache *c, int layer, const Tensor *qkv);
// What op_attention would give for these n tokens, if the `used` ones came before them; their keys and values must be stored already.
//     qkv (1,n,3C)   ->   y (1,n,C)       no gradient
Tensor *kvcache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH);

#endif
