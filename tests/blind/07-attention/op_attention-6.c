// wrong: the gradient of the values takes the weights of the first example for all examples (b is missing in their place); right for B = 1, and queries and keys are right always.
// op_attention.c, your exercise: every token looks at itself and at those before it.
//
// Read op_attention.h and heads.h in common/ first. Plain loops are right.
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

// From y->grad, (B,T,C), to qkv->grad, (B,T,3C): added to it (+=), and skipped where it is NULL.
static void attention_backward(Tensor *y) {
    Tensor *qkv = y->in[0];
    const Saved *s = y->saved;
    Heads z = s->size;
    int T = z.T, C = z.C, HS = z.HS;
    size_t square = (size_t)T * (size_t)T;
    if (!qkv->grad) return;

    // Values: the transposed weights times what comes in.
    for (int b = 0; b < z.B; b++) {
        for (int h = 0; h < z.NH; h++) {
            const float *w = s->weight + (size_t)h * square;
            const float *dy = y->grad + (size_t)b * (size_t)T * (size_t)C + (size_t)h * (size_t)HS;
            gemm('T', 'N', T, HS, T, w, T, dy, C, 1, qkv->grad + head_at(z, VALUE, b, 0, h), 3 * C);
        }
    }

    // Queries and keys.
    float *da = xmalloc(square * sizeof *da);
    for (int b = 0; b < z.B; b++) {
        for (int h = 0; h < z.NH; h++) {
            const float *w = s->weight + ((size_t)b * (size_t)z.NH + (size_t)h) * square;
            const float *dy = y->grad + (size_t)b * (size_t)T * (size_t)C + (size_t)h * (size_t)HS;
            gemm('N', 'T', T, T, HS, dy, C, qkv->data + head_at(z, VALUE, b, 0, h), 3 * C, 0, da, T);
            for (int t = 0; t < T; t++) {
                float mean = 0;
                for (int r = 0; r < T; r++) mean += w[t * T + r] * da[t * T + r];
                for (int r = 0; r < T; r++) da[t * T + r] = w[t * T + r] * (da[t * T + r] - mean) / sqrtf((float)HS);
            }
            gemm('N', 'N', T, HS, T, da, T, qkv->data + head_at(z, KEY, b, 0, h), 3 * C, 1, qkv->grad + head_at(z, QUERY, b, 0, h), 3 * C);
            gemm('T', 'N', T, HS, T, da, T, qkv->data + head_at(z, QUERY, b, 0, h), 3 * C, 1, qkv->grad + head_at(z, KEY, b, 0, h), 3 * C);
        }
    }
    free(da);
}

Tensor *op_attention(Tape *tape, Tensor *qkv, int NH, const float *slope) {
    Heads z = heads_of("op_attention", qkv, NH);
    Tensor *y = tape_tensor(tape, "op_attention", 3, (int[]){z.B, z.T, z.C}, attention_backward, (Tensor *[]){qkv, NULL});    // (B,T,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)z.B * (size_t)NH * (size_t)z.T * (size_t)z.T)};
    int T = z.T, C = z.C, HS = z.HS;

    for (int b = 0; b < z.B; b++) {
        for (int h = 0; h < NH; h++) {
            float *w = s->weight + ((size_t)b * (size_t)NH + (size_t)h) * (size_t)T * (size_t)T;
            gemm('N', 'T', T, T, HS, qkv->data + head_at(z, QUERY, b, 0, h), 3 * C, qkv->data + head_at(z, KEY, b, 0, h), 3 * C, 0, w, T);
            for (int t = 0; t < T; t++) {
                float *row = w + t * T, max = -INFINITY, sum = 0;
                for (int r = 0; r <= t; r++) {
                    row[r] = row[r] / sqrtf((float)HS) - (slope ? slope[h] * (float)(t - r) : 0);
                    max = fmaxf(max, row[r]);
                }
                for (int r = 0; r <= t; r++) sum += row[r] = expf(row[r] - max);
                for (int r = 0; r < T; r++) row[r] = r <= t ? row[r] / sum : 0;
            }
            gemm('N', 'N', T, HS, T, w, T, qkv->data + head_at(z, VALUE, b, 0, h), 3 * C, 0, y->data + (size_t)b * (size_t)T * (size_t)C + (size_t)h * (size_t)HS, C);
        }
    }

    return y;
}

void attention_weights(const Tensor *y, int b, int h, float *weight) {
    const Saved *s = y->saved;
    size_t square = (size_t)s->size.T * (size_t)s->size.T;
    memcpy(weight, s->weight + ((size_t)b * (size_t)s->size.NH + (size_t)h) * square, square * sizeof *weight);
}
