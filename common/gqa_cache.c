// gqa_cache.c, from lesson 11: a key-value cache for heads that share keys and values.
#include "gqa_cache.h"
#include "heads.h"

#include <string.h>

// How many heads share a key.
static int group_of(const KvCache *c, Heads z) { return z.C / c->C; }

void gqa_cache_store(const KvCache *c, int layer, const Tensor *qkv, int NH) {
    Heads z = heads_of("gqa_cache_store", qkv, NH);
    CHECK(z.B == 1 && c->C % z.HS == 0 && z.C % c->C == 0 && c->used + z.T <= c->T, "gqa_cache_store: qkv is %s and %d of %d places are taken; want (1,n,3C), C a multiple of %d, and room for n",
          shape_text(qkv), c->used, c->T, c->C);
    for (int t = 0; t < z.T; t++)
        for (int h = 0; h < NH; h += group_of(c, z)) {
            size_t to = (size_t)(c->used + t) * (size_t)c->C + (size_t)(h / group_of(c, z) * z.HS), bytes = (size_t)z.HS * sizeof(float);
            memcpy(kvcache_keys(c, layer) + to, qkv->data + head_at(z, KEY, 0, t, h), bytes);
            memcpy(kvcache_values(c, layer) + to, qkv->data + head_at(z, VALUE, 0, t, h), bytes);
        }
}

// One head of each group at a time: those have keys of their own, so they are ordinary attention with KV heads.
Tensor *gqa_cache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH) {
    Heads z = heads_of("gqa_cache_attend", qkv, NH);
    CHECK(z.B == 1 && c->C % z.HS == 0 && z.C % c->C == 0, "gqa_cache_attend: qkv is %s with %d heads; want (1,n,3C), C a multiple of %d", shape_text(qkv), NH, c->C);
    int G = group_of(c, z), KV = NH / G;
    size_t bytes = (size_t)z.HS * sizeof(float);
    Tensor *y = tape_tensor(tape, "gqa_cache_attend", 3, (int[]){1, z.T, z.C}, NULL, (Tensor *[]){qkv, NULL});           // (1,n,C)
    Tensor *some = tape_tensor(tape, "queries", 3, (int[]){1, z.T, 3 * c->C}, NULL, (Tensor *[]){qkv, NULL});            // (1,n,3*KV*HS), queries only
    Heads q = heads_of("gqa_cache_attend", some, KV);
    for (int k = 0; k < G; k++) {
        for (int t = 0; t < z.T; t++)
            for (int g = 0; g < KV; g++) memcpy(some->data + head_at(q, QUERY, 0, t, g), qkv->data + head_at(z, QUERY, 0, t, g * G + k), bytes);
        const float *out = kvcache_attend(c, layer, tape, some, KV)->data;                                               // (1,n,KV*HS)
        for (int t = 0; t < z.T; t++)
            for (int g = 0; g < KV; g++) memcpy(y->data + (size_t)t * (size_t)z.C + (size_t)((g * G + k) * z.HS), out + (size_t)t * (size_t)c->C + (size_t)(g * z.HS), bytes);
    }
    return y;
}
