// wrong: the root of HS is kept in an int, forward and backward alike; right for HS = 1, 4, 9, 16, wrong for 2, 3, 8, 32 and so on (finite differences agree with it all the same).
// op_attention.c, your exercise: every token looks at itself and at those before it.
//
// Read op_attention.h and heads.h in common/ first. Plain loops are right.
#include "op_attention.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    Heads size;
    float *weight;          // (B,NH,T,T): row t of a head holds the weights of the tokens s, 0 for s > t
} Saved;

// Where row t of a head's weights begins.
static size_t row_at(Heads z, int b, int h, int t) {
    return (((size_t)b * (size_t)z.NH + (size_t)h) * (size_t)z.T + (size_t)t) * (size_t)z.T;
}

// Where the numbers of a head begin in y.
static size_t y_at(Heads z, int b, int t, int h) {
    return ((size_t)b * (size_t)z.T + (size_t)t) * (size_t)z.C + (size_t)h * (size_t)z.HS;
}

// What the scores are multiplied by.
static float scale_of(Heads z) {
    int root = (int)sqrt(z.HS);
    return 1.0f / (float)root;
}

static float dot(const float *a, const float *b, int n) {
    float sum = 0;
    for (int i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

// From y->grad, (B,T,C), to qkv->grad, (B,T,3C): added to it (+=), and skipped where it is NULL.
static void attention_backward(Tensor *y) {
    Tensor *qkv = y->in[0];
    const Saved *s = y->saved;
    Heads z = s->size;
    if (!qkv->grad) return;
    float scale = scale_of(z);
    float *dw = xmalloc((size_t)z.T * sizeof *dw);

    for (int b = 0; b < z.B; b++) {
        for (int h = 0; h < z.NH; h++) {
            for (int t = 0; t < z.T; t++) {
                const float *w = s->weight + row_at(z, b, h, t);
                const float *dy = y->grad + y_at(z, b, t, h);

                // The values, and what the loss wants of the weights.
                float mean = 0;
                for (int r = 0; r <= t; r++) {
                    const float *v = qkv->data + head_at(z, VALUE, b, r, h);
                    float *dv = qkv->grad + head_at(z, VALUE, b, r, h);
                    for (int i = 0; i < z.HS; i++) dv[i] += w[r] * dy[i];
                    dw[r] = dot(dy, v, z.HS);
                    mean += w[r] * dw[r];
                }

                // Through the softmax, to queries and keys.
                const float *q = qkv->data + head_at(z, QUERY, b, t, h);
                float *dq = qkv->grad + head_at(z, QUERY, b, t, h);
                for (int r = 0; r <= t; r++) {
                    float da = w[r] * (dw[r] - mean) * scale;
                    const float *k = qkv->data + head_at(z, KEY, b, r, h);
                    float *dk = qkv->grad + head_at(z, KEY, b, r, h);
                    for (int i = 0; i < z.HS; i++) {
                        dq[i] += da * k[i];
                        dk[i] += da * q[i];
                    }
                }
            }
        }
    }
    free(dw);
}

Tensor *op_attention(Tape *tape, Tensor *qkv, int NH, const float *slope) {
    Heads z = heads_of("op_attention", qkv, NH);
    Tensor *y = tape_tensor(tape, "op_attention", 3, (int[]){z.B, z.T, z.C}, attention_backward, (Tensor *[]){qkv, NULL});    // (B,T,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)z.B * (size_t)NH * (size_t)z.T * (size_t)z.T)};
    float scale = scale_of(z);

    for (int b = 0; b < z.B; b++) {
        for (int h = 0; h < NH; h++) {
            for (int t = 0; t < z.T; t++) {
                float *w = s->weight + row_at(z, b, h, t);
                const float *q = qkv->data + head_at(z, QUERY, b, t, h);

                // Scores, and the greatest of them.
                float max = -INFINITY;
                for (int r = 0; r <= t; r++) {
                    w[r] = dot(q, qkv->data + head_at(z, KEY, b, r, h), z.HS) * scale;
                    if (slope) w[r] -= slope[h] * (float)(t - r);
                    if (w[r] > max) max = w[r];
                }

                // Weights.
                float sum = 0;
                for (int r = 0; r <= t; r++) sum += w[r] = expf(w[r] - max);
                for (int r = 0; r <= t; r++) w[r] /= sum;
                for (int r = t + 1; r < z.T; r++) w[r] = 0;

                // The mean of the values.
                float *out = y->data + y_at(z, b, t, h);
                for (int i = 0; i < z.HS; i++) out[i] = 0;
                for (int r = 0; r <= t; r++) {
                    const float *v = qkv->data + head_at(z, VALUE, b, r, h);
                    for (int i = 0; i < z.HS; i++) out[i] += w[r] * v[i];
                }
            }
        }
    }

    return y;
}

void attention_weights(const Tensor *y, int b, int h, float *weight) {
    const Saved *s = y->saved;
    Heads z = s->size;
    memcpy(weight, s->weight + row_at(z, b, h, 0), (size_t)z.T * (size_t)z.T * sizeof *weight);
}
