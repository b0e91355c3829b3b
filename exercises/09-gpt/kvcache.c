// kvcache.c, your exercise: keys and values of what was read already, so that nobody makes them twice.
//
// Read kvcache.h and heads.h in common/ first. Plain loops are right.
#include "kvcache.h"
#include "heads.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

KvCache kvcache_new(int L, int T, int C) {
    return (KvCache){L, T, C, 0, xmalloc((size_t)L * 2 * (size_t)T * (size_t)C * sizeof(float))};
}

void kvcache_free(KvCache *c) {
    free(c->data);
    *c = (KvCache){0};
}

float *kvcache_keys(const KvCache *c, int layer) { return c->data + (size_t)layer * 2 * (size_t)c->T * (size_t)c->C; }
float *kvcache_values(const KvCache *c, int layer) { return kvcache_keys(c, layer) + (size_t)c->T * (size_t)c->C; }

void kvcache_store(const KvCache *c, int layer, const Tensor *qkv) {
    int n = qkv->shape[1], C = c->C;
    CHECK(qkv->ndim == 3 && qkv->shape[0] == 1 && last_of(qkv) == 3 * C && c->used + n <= c->T,
          "kvcache_store: qkv is %s and %d of %d places are taken; want (1,n,%d), and room for n", shape_text(qkv), c->used, c->T, 3 * C);

    (void)layer;
    TODO("the keys and values of the n tokens, into the layer's rows behind the c->used that are taken");
}

Tensor *kvcache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH) {
    Heads z = heads_of("kvcache_attend", qkv, NH);
    int n = z.T, C = z.C, HS = z.HS;
    Tensor *y = tape_tensor(tape, "kvcache_attend", 3, (int[]){1, n, C}, NULL, (Tensor *[]){qkv, NULL});        // (1,n,C)
    float *weight = tape_floats(tape, (size_t)(c->used + n));       // of one head of one token, for all that it may see

    (void)layer;
    (void)HS;
    (void)weight;
    TODO("y[i], head by head, of each new token i: lesson 07's attention, with the layer's keys and values of all that it sees");

    return y;
}
