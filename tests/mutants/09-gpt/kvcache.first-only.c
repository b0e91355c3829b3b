// expect: and the others have no y
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

    for (int i = 0; i < n; i++) {
        const float *token = qkv->data + i * 3 * C;                 // its query, its key, its value
        int at = (c->used + i) * C;
        memcpy(kvcache_keys(c, layer) + at, token + C, (size_t)C * sizeof *token);
        memcpy(kvcache_values(c, layer) + at, token + 2 * C, (size_t)C * sizeof *token);
    }
}

Tensor *kvcache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH) {
    Heads z = heads_of("kvcache_attend", qkv, NH);
    int n = z.T, C = z.C, HS = z.HS;
    Tensor *y = tape_tensor(tape, "kvcache_attend", 3, (int[]){1, n, C}, NULL, (Tensor *[]){qkv, NULL});        // (1,n,C)
    float *weight = tape_floats(tape, (size_t)(c->used + n));       // of one head of one token

    for (int i = 0; i < 1; i++)
        for (int h = 0; h < NH; h++) {
            const float *q = qkv->data + head_at(z, QUERY, 0, i, h);
            const float *k = kvcache_keys(c, layer) + h * HS, *v = kvcache_values(c, layer) + h * HS;
            float *out = y->data + i * C + h * HS, most = -INFINITY, sum = 0;
            int seen = c->used + i + 1;
            for (int s = 0; s < seen; s++) {
                weight[s] = 0;
                for (int j = 0; j < HS; j++) weight[s] += q[j] * k[s * C + j] / sqrtf((float)HS);
                most = fmaxf(most, weight[s]);
            }
            for (int s = 0; s < seen; s++) sum += weight[s] = expf(weight[s] - most);
            for (int j = 0; j < HS; j++) {
                out[j] = 0;
                for (int s = 0; s < seen; s++) out[j] += weight[s] / sum * v[s * C + j];
            }
        }
    return y;
}
