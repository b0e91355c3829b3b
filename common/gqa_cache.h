// gqa_cache.h, from lesson 11: a key-value cache for heads that share keys and values.
#ifndef GQA_CACHE_H
#define GQA_CACHE_H

#include "kvcache.h"

// As kvcache_store and kvcache_attend, for qkv as op_gqa has written it out: of each group's equal keys and values only one is kept, so the cache
// is smaller by NH/KV.       c->C = KV*HS. The caller moves c->used.
void gqa_cache_store(const KvCache *c, int layer, const Tensor *qkv, int NH);
//     qkv (1,n,3*NH*HS)   ->   y (1,n,NH*HS)       no gradient
Tensor *gqa_cache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH);

#endif
