// op_additive_attention.c, from lesson 06: look back at earlier states, at those that fit.
#include "op_additive_attention.h"
#include "gemm.h"
#include "rows.h"
#include "softmax_rows.h"
#include "vectanh.h"

#include <string.h>

// What forward leaves for backward.
typedef struct {
    float *weight;          // (B,T,T)
    float *dscore;          // (B,T,T) in backward
    float *dv;              // (B,A) in backward: v's gradient, example by example, to be added up in a fixed order
} Saved;

typedef struct {
    int T, B, A, H;
} Size;

static Size size_of(const Tensor *y) {
    const Tensor *query = y->in[0];
    return (Size){query->shape[0], query->shape[1], last_of(query), last_of(y)};
}

// Row (t,b) of a tensor (T,B,C).
static float *row(float *data, Size z, int t, int b, int C) { return data + ((size_t)t * (size_t)z.B + (size_t)b) * (size_t)C; }

// One example: scores and weights row by row, then y_b = weight_b value_b as one product.
static void forward_example(Tensor *y, int b) {
    Size z = size_of(y);
    const Saved *s = y->saved;
    const float *v = y->in[2]->data;
    float *weight = s->weight + (size_t)b * (size_t)z.T * (size_t)z.T;
    memset(weight, 0, (size_t)z.T * (size_t)z.T * sizeof *weight);
    for (int t = 1; t < z.T; t++) {
        const float *q = row(y->in[0]->data, z, t, b, z.A);
        float *w = weight + (size_t)t * (size_t)z.T;
        for (int from = 0; from < t; from++) {
            const float *k = row(y->in[1]->data, z, from, b, z.A);
            float score = 0;
#pragma omp simd reduction(+ : score)
            for (int a = 0; a < z.A; a++) score += v[a] * vec_tanh(q[a] + k[a]);
            w[from] = score;
        }
        softmax_rows(w, 1, t, w, NULL);
    }
    gemm('N', 'N', z.T, z.H, z.T, weight, z.T, row(y->in[3]->data, z, 0, b, z.H), z.B * z.H, 0, row(y->data, z, 0, b, z.H), z.B * z.H);
}

// dvalue_s = sum_t weight_ts dy_t      dweight_ts = dy_t . value_s      dscore = the softmax's
// dscore_ts reaches v_a by tanh(.), and query_ta and key_sa by v_a (1 - tanh²(.)).
static void backward_example(Tensor *y, int b) {
    Size z = size_of(y);
    const Saved *s = y->saved;
    Tensor *query = y->in[0], *key = y->in[1], *v = y->in[2], *value = y->in[3];
    size_t TT = (size_t)z.T * (size_t)z.T;
    const float *weight = s->weight + (size_t)b * TT, *dy = row(y->grad, z, 0, b, z.H);
    float *dscore = s->dscore + (size_t)b * TT, *dv = s->dv + (size_t)b * (size_t)z.A;
    memset(dv, 0, (size_t)z.A * sizeof *dv);
    if (value->grad) gemm('T', 'N', z.T, z.H, z.T, weight, z.T, dy, z.B * z.H, 1, row(value->grad, z, 0, b, z.H), z.B * z.H);
    gemm('N', 'T', z.T, z.T, z.H, dy, z.B * z.H, row(value->data, z, 0, b, z.H), z.B * z.H, 0, dscore, z.T);      // dweight
    for (int t = 1; t < z.T; t++) {
        const float *w = weight + (size_t)t * (size_t)z.T, *q = row(query->data, z, t, b, z.A);
        float *d = dscore + (size_t)t * (size_t)z.T, mean = 0;
        for (int from = 0; from < t; from++) mean += w[from] * d[from];
        for (int from = 0; from < t; from++) {
            const float *k = row(key->data, z, from, b, z.A);
            float *dq = query->grad ? row(query->grad, z, t, b, z.A) : NULL, *dk = key->grad ? row(key->grad, z, from, b, z.A) : NULL;
            float dscore_ts = w[from] * (d[from] - mean);
#pragma omp simd
            for (int a = 0; a < z.A; a++) {
                float bent = vec_tanh(q[a] + k[a]), through = dscore_ts * v->data[a] * (1 - bent * bent);
                dv[a] += dscore_ts * bent;
                if (dq) dq[a] += through;
                if (dk) dk[a] += through;
            }
        }
    }
}

static void additive_attention_backward(Tensor *y) {
    Size z = size_of(y);
    const Saved *s = y->saved;
    Tensor *v = y->in[2];
    rows_each(y, z.B, (size_t)z.B * (size_t)z.T * (size_t)z.T * (size_t)z.A, backward_example);
    for (int b = 0; v->grad && b < z.B; b++)
        for (int a = 0; a < z.A; a++) v->grad[a] += s->dv[b * z.A + a];
}

Tensor *op_additive_attention(Tape *tape, Tensor *query, Tensor *key, Tensor *v, Tensor *value) {
    int T = query->shape[0], B = query->shape[1], A = last_of(query);
    CHECK(query->ndim == 3 && key->ndim == 3 && value->ndim == 3 && key->size == query->size && last_of(key) == A && (int)v->size == A && value->shape[0] == T && value->shape[1] == B,
          "op_additive_attention: query is %s, key is %s, v is %s, value is %s; want (T,B,A), (T,B,A), (A) and (T,B,H)", shape_text(query), shape_text(key),
          shape_text(v), shape_text(value));
    Tensor *y = tape_tensor(tape, "op_additive_attention", 3, value->shape, additive_attention_backward, (Tensor *[]){query, key, v, value, NULL});      // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    size_t weights = (size_t)B * (size_t)T * (size_t)T;
    *s = (Saved){.weight = tape_floats(tape, weights)};
    if (tape->record) {
        s->dscore = tape_floats(tape, weights);
        s->dv = tape_floats(tape, (size_t)B * (size_t)A);
    }
    rows_each(y, B, weights * (size_t)A, forward_example);
    return y;
}

const float *additive_attention_weights(const Tensor *y) { return ((const Saved *)y->saved)->weight; }
