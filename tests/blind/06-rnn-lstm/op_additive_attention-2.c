// wrong: the weights are stored as (T,B,T), time first like everything else, but the header promises (B,T,T).
// op_additive_attention.c, your exercise: look back at earlier states, at those that fit.
//
// Read op_additive_attention.h in common/ first. Plain loops are right.
#include "op_additive_attention.h"

#include <math.h>
#include <stdlib.h>

// What forward leaves for backward.
typedef struct {
    float *weight;          // (T,B,T) of each example: row t holds the weights of the places s, 0 for s >= t
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void additive_attention_backward(Tensor *y) {
    Tensor *query = y->in[0], *key = y->in[1], *v = y->in[2], *value = y->in[3];
    const float *weight = ((const Saved *)y->saved)->weight;
    int T = query->shape[0], B = query->shape[1], A = query->shape[2], H = value->shape[2];
    float *dweight = xmalloc((size_t)T * sizeof *dweight);
    for (int b = 0; b < B; b++)
        for (int t = 1; t < T; t++) {
            const float *w = weight + ((size_t)t * (size_t)B + (size_t)b) * (size_t)T, *dy = y->grad + (t * B + b) * H, *q = query->data + (t * B + b) * A;
            float sum = 0;
            for (int s = 0; s < t; s++) {
                const float *val = value->data + (s * B + b) * H;
                float dot = 0;
                for (int j = 0; j < H; j++) {
                    dot += dy[j] * val[j];
                    if (value->grad) value->grad[(s * B + b) * H + j] += w[s] * dy[j];
                }
                dweight[s] = dot;
                sum += w[s] * dot;
            }
            for (int s = 0; s < t; s++) {
                float de = w[s] * (dweight[s] - sum);
                const float *k = key->data + (s * B + b) * A;
                for (int a = 0; a < A; a++) {
                    float theta = tanhf(q[a] + k[a]), d = de * v->data[a] * (1 - theta * theta);
                    if (v->grad) v->grad[a] += de * theta;
                    if (query->grad) query->grad[(t * B + b) * A + a] += d;
                    if (key->grad) key->grad[(s * B + b) * A + a] += d;
                }
            }
        }
    free(dweight);
}

Tensor *op_additive_attention(Tape *tape, Tensor *query, Tensor *key, Tensor *v, Tensor *value) {
    int T = query->shape[0], B = query->shape[1], A = last_of(query), H = last_of(value);
    CHECK(query->ndim == 3 && key->ndim == 3 && value->ndim == 3 && key->size == query->size && last_of(key) == A && (int)v->size == A && value->shape[0] == T && value->shape[1] == B,
          "op_additive_attention: query is %s, key is %s, v is %s, value is %s; want (T,B,A), (T,B,A), (A) and (T,B,H)", shape_text(query), shape_text(key),
          shape_text(v), shape_text(value));
    Tensor *y = tape_tensor(tape, "op_additive_attention", 3, value->shape, additive_attention_backward, (Tensor *[]){query, key, v, value, NULL});      // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, (size_t)B * (size_t)T * (size_t)T)};

    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++) {
            float *w = s->weight + ((size_t)t * (size_t)B + (size_t)b) * (size_t)T, greatest = -INFINITY, sum = 0;
            const float *q = query->data + (t * B + b) * A;
            for (int r = 0; r < t; r++) {
                const float *k = key->data + (r * B + b) * A;
                float score = 0;
                for (int a = 0; a < A; a++) score += v->data[a] * tanhf(q[a] + k[a]);
                w[r] = score;
                if (score > greatest) greatest = score;
            }
            for (int r = 0; r < t; r++) sum += w[r] = expf(w[r] - greatest);
            for (int r = 0; r < T; r++) w[r] = r < t ? w[r] / sum : 0;
        }
    for (int t = 0; t < T; t++)
        for (int b = 0; b < B; b++) {
            const float *w = s->weight + ((size_t)t * (size_t)B + (size_t)b) * (size_t)T;
            float *out = y->data + (t * B + b) * H;
            for (int j = 0; j < H; j++) out[j] = 0;
            for (int r = 0; r < t; r++)
                for (int j = 0; j < H; j++) out[j] += w[r] * value->data[(r * B + b) * H + j];
        }

    return y;
}

const float *additive_attention_weights(const Tensor *y) { return ((const Saved *)y->saved)->weight; }
