// kvcache.c, from lesson 09: keys and values of what was read already, so that nobody makes them twice.
#include "kvcache.h"
#include "gemm.h"
#include "heads.h"
#include "vecmath.h"

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
    int n = qkv->shape[1];
    size_t C = (size_t)c->C;
    CHECK(qkv->ndim == 3 && qkv->shape[0] == 1 && last_of(qkv) == 3 * c->C && c->used + n <= c->T,
          "kvcache_store: qkv is %s and %d of %d places are taken; want (1,n,%d), and room for n", shape_text(qkv), c->used, c->T, 3 * c->C);
    for (int i = 0; i < n; i++) {
        const float *row = qkv->data + (size_t)i * 3 * C;
        size_t at = (size_t)(c->used + i) * C;
        memcpy(kvcache_keys(c, layer) + at, row + C, C * sizeof *row);
        memcpy(kvcache_values(c, layer) + at, row + 2 * C, C * sizeof *row);
    }
}

// score[0..seen) becomes weights; what comes later gets 0.
static void weigh(float *score, int seen, int all, float scale) {
    float most = score[0], sum = 0;
    for (int s = 1; s < seen; s++) most = fmaxf(most, score[s]);
#pragma omp simd reduction(+ : sum)
    for (int s = 0; s < seen; s++) sum += score[s] = vec_exp(scale * (score[s] - most));
    for (int s = 0; s < seen; s++) score[s] /= sum;
    for (int s = seen; s < all; s++) score[s] = 0;
}

Tensor *kvcache_attend(const KvCache *c, int layer, Tape *tape, Tensor *qkv, int NH) {
    Heads z = heads_of("kvcache_attend", qkv, NH);
    int n = z.T, all = c->used + n, C = z.C;
    CHECK(z.B == 1 && C == c->C && all <= c->T, "kvcache_attend: qkv is %s and %d of %d places are taken; want (1,n,%d), and room for n", shape_text(qkv), c->used, c->T, 3 * c->C);
    Tensor *y = tape_tensor(tape, "kvcache_attend", 3, (int[]){1, n, C}, NULL, (Tensor *[]){qkv, NULL});     // (1,n,C)
    float *score = tape_floats(tape, (size_t)n * (size_t)all), scale = 1 / sqrtf((float)z.HS);              // (n,all)
    for (int h = 0; h < NH; h++) {
        const float *q = qkv->data + head_at(z, QUERY, 0, 0, h), *k = kvcache_keys(c, layer) + h * z.HS, *v = kvcache_values(c, layer) + h * z.HS;
        gemm('N', 'T', n, all, z.HS, q, 3 * C, k, C, 0, score, all);
        for (int i = 0; i < n; i++) weigh(score + (size_t)i * (size_t)all, c->used + i + 1, all, scale);
        gemm('N', 'N', n, z.HS, all, score, all, v, C, 0, y->data + h * z.HS, C);
    }
    return y;
}
