// expect: the softmax's gradient lacks its sum
#include "op_attention.h"
#include "gemm.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    Heads size;
    float *weight;          // (B,NH,T,T): row t of a head holds the weights of the tokens s, 0 for s > t
} Saved;

static float *weights_of(const Saved *s, int b, int h) {
    size_t T = (size_t)s->size.T;
    return s->weight + ((size_t)b * (size_t)s->size.NH + (size_t)h) * T * T;
}

// Where in y's data the numbers of head h of example b begin; the next token's are C further.
static size_t out_at(Heads z, int b, int h) { return (size_t)b * (size_t)z.T * (size_t)z.C + (size_t)h * (size_t)z.HS; }

// --- backward ---

// dweight_ts = dy_t . v_s       dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)
// From dweight to dscore / sqrt(HS), in place.
static void softmax_back(Heads z, const float *weight, float *d) {
    float scale = 1 / sqrtf((float)z.HS);
    for (int t = 0; t < z.T; t++, weight += z.T, d += z.T) {
        for (int s = 0; s < z.T; s++) d[s] = s <= t ? scale * weight[s] * d[s] : 0;
    }
}

// dv_s = sum over t of weight_ts dy_t       dq_t = sum over s of dscore_ts k_s / sqrt(HS)       dk_s = sum over t of dscore_ts q_t / sqrt(HS)
static void head_back(Tensor *y, int b, int h, float *d) {
    const Saved *s = y->saved;
    Heads z = s->size;
    int T = z.T, HS = z.HS, ld = 3 * z.C;
    size_t q = head_at(z, QUERY, b, 0, h), k = head_at(z, KEY, b, 0, h), v = head_at(z, VALUE, b, 0, h);
    const float *in = y->in[0]->data, *dy = y->grad + out_at(z, b, h), *weight = weights_of(s, b, h);
    float *din = y->in[0]->grad;
    gemm('T', 'N', T, HS, T, weight, T, dy, z.C, 1, din + v, ld);
    gemm('N', 'T', T, T, HS, dy, z.C, in + v, ld, 0, d, T);
    softmax_back(z, weight, d);
    gemm('N', 'N', T, HS, T, d, T, in + k, ld, 1, din + q, ld);
    gemm('T', 'N', T, HS, T, d, T, in + q, ld, 1, din + k, ld);
}

static void attention_backward(Tensor *y) {
    Heads z = ((const Saved *)y->saved)->size;
    if (!y->in[0]->grad) return;
    float *d = xmalloc((size_t)z.T * (size_t)z.T * sizeof *d);
    for (int b = 0; b < z.B; b++)
        for (int h = 0; h < z.NH; h++) head_back(y, b, h, d);
    free(d);
}

// --- forward ---

// From the products q_t . k_s to weights: row t is the softmax over s <= t.
static void weigh(Heads z, float slope, float *row) {
    float scale = 1 / sqrtf((float)z.HS);
    for (int t = 0; t < z.T; t++, row += z.T) {
        float most = -INFINITY, sum = 0;
        for (int s = 0; s <= t; s++) {
            row[s] = row[s] * scale - slope * (float)(t - s);
            most = fmaxf(most, row[s]);
        }
        for (int s = 0; s <= t; s++) sum += row[s] = expf(row[s] - most);
        for (int s = 0; s < z.T; s++) row[s] = s <= t ? row[s] / sum : 0;
    }
}

Tensor *op_attention(Tape *tape, Tensor *qkv, int NH, const float *slope) {
    Heads z = heads_of("op_attention", qkv, NH);
    Tensor *y = tape_tensor(tape, "op_attention", 3, (int[]){z.B, z.T, z.C}, attention_backward, (Tensor *[]){qkv, NULL});    // (B,T,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)z.B * (size_t)NH * (size_t)z.T * (size_t)z.T)};

    int T = z.T, HS = z.HS, ld = 3 * z.C;
    for (int b = 0; b < z.B; b++)
        for (int h = 0; h < NH; h++) {
            float *weight = weights_of(s, b, h);
            const float *q = qkv->data + head_at(z, QUERY, b, 0, h), *k = qkv->data + head_at(z, KEY, b, 0, h), *v = qkv->data + head_at(z, VALUE, b, 0, h);
            gemm('N', 'T', T, T, HS, q, ld, k, ld, 0, weight, T);
            weigh(z, slope ? slope[h] : 0, weight);
            gemm('N', 'N', T, HS, T, weight, T, v, ld, 0, y->data + out_at(z, b, h), z.C);
        }
    return y;
}

void attention_weights(const Tensor *y, int b, int h, float *weight) {
    const Saved *s = y->saved;
    memcpy(weight, weights_of(s, b, h), (size_t)s->size.T * (size_t)s->size.T * sizeof *weight);
}
