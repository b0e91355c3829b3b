// wrong: the greatest score is kept from token to token and head to head (set once, before the loops); cancels as long as scores are alike, shows only where a later head or token has scores about 90 or more below those of an earlier one: 0/0.
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

    float *key = kvcache_keys(c, layer) + (size_t)c->used * (size_t)C;
    float *value = kvcache_values(c, layer) + (size_t)c->used * (size_t)C;
    for (int i = 0; i < n; i++) {
        const float *row = qkv->data + (size_t)i * 3 * (size_t)C;
        memcpy(key + (size_t)i * (size_t)C, row + C, (size_t)C * sizeof(float));
        memcpy(value + (size_t)i * (size_t)C, row + 2 * C, (size_t)C * sizeof(float));
    }
}

Tensor *kvcache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH) {
    Heads z = heads_of("kvcache_attend", qkv, NH);
    int n = z.T, C = z.C, HS = z.HS;
    Tensor *y = tape_tensor(tape, "kvcache_attend", 3, (int[]){1, n, C}, NULL, (Tensor *[]){qkv, NULL});        // (1,n,C)
    float *weight = tape_floats(tape, (size_t)(c->used + n));       // of one head of one token, for all that it may see

    const float *keys = kvcache_keys(c, layer), *values = kvcache_values(c, layer);
    float scale = 1.0f / sqrtf((float)HS), max = -INFINITY;
    for (int i = 0; i < n; i++) {
        int seen = c->used + i + 1;
        for (int h = 0; h < NH; h++) {
            const float *q = qkv->data + head_at(z, QUERY, 0, i, h);
            float *out = y->data + (size_t)i * (size_t)C + h * HS;
            for (int s = 0; s < seen; s++) {
                const float *k = keys + (size_t)s * (size_t)C + h * HS;
                float dot = 0;
                for (int j = 0; j < HS; j++) dot += q[j] * k[j];
                weight[s] = dot * scale;
                if (weight[s] > max) max = weight[s];
            }
            float sum = 0;
            for (int s = 0; s < seen; s++) {
                weight[s] = expf(weight[s] - max);
                sum += weight[s];
            }
            for (int j = 0; j < HS; j++) out[j] = 0;
            for (int s = 0; s < seen; s++) {
                const float *v = values + (size_t)s * (size_t)C + h * HS;
                for (int j = 0; j < HS; j++) out[j] += weight[s] / sum * v[j];
            }
        }
    }

    return y;
}
