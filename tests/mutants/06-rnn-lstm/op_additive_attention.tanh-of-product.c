// expect: query and key are multiplied inside of tanh
// op_additive_attention.c, a solution: look back at earlier states, at those that fit.
#include "op_additive_attention.h"

#include <math.h>
#include <stdlib.h>

// What forward leaves for backward.
typedef struct {
    float *weight;          // (B,T,T) of each example: row t holds the weights of the places s, 0 for s >= t
} Saved;

// One place t of one example b:
//     dvalue_s += weight_ts dy_t      dweight_ts = dy_t . value_s      dscore_ts = weight_ts (dweight_ts - sum over s of weight_ts dweight_ts)
// and dscore_ts reaches v_a by tanh(.), and query_ta and key_sa by v_a (1 - tanh²(.)).
static void place_back(Tensor *y, const float *weight, int t, int b, float *dweight) {
    Tensor *query = y->in[0], *key = y->in[1], *v = y->in[2], *value = y->in[3];
    int B = query->shape[1], A = query->shape[2], H = value->shape[2], at = t * B + b;
    float mean = 0;
    for (int s = 0; s < t; s++) {
        int from = s * B + b;
        dweight[s] = 0;
        for (int h = 0; h < H; h++) {
            float dy = y->grad[at * H + h];
            dweight[s] += dy * value->data[from * H + h];
            if (value->grad) value->grad[from * H + h] += weight[s] * dy;
        }
        mean += weight[s] * dweight[s];
    }
    for (int s = 0; s < t; s++) {
        int from = s * B + b;
        float dscore = weight[s] * (dweight[s] - mean);
        for (int a = 0; a < A; a++) {
            float bent = tanhf(query->data[at * A + a] + key->data[from * A + a]), d = dscore * v->data[a] * (1 - bent * bent);
            if (v->grad) v->grad[a] += dscore * bent;
            if (query->grad) query->grad[at * A + a] += d;
            if (key->grad) key->grad[from * A + a] += d;
        }
    }
}

static void additive_attention_backward(Tensor *y) {
    const Saved *s = y->saved;
    int T = y->shape[0], B = y->shape[1];
    float *dweight = xmalloc((size_t)T * sizeof *dweight);
    for (int b = 0; b < B; b++)
        for (int t = 0; t < T; t++) place_back(y, s->weight + (b * T + t) * T, t, b, dweight);
    free(dweight);
}

// The weights of place t of example b: row[0 .. T-1].
static void weigh(const Tensor *query, const Tensor *key, const Tensor *v, int t, int b, float *row) {
    int T = query->shape[0], B = query->shape[1], A = query->shape[2];
    float most = -INFINITY, sum = 0;
    for (int s = 0; s < t; s++) {
        row[s] = 0;
        for (int a = 0; a < A; a++) row[s] += v->data[a] * tanhf(query->data[(t * B + b) * A + a] * key->data[(s * B + b) * A + a]);
        most = fmaxf(most, row[s]);
    }
    for (int s = 0; s < t; s++) sum += row[s] = expf(row[s] - most);
    for (int s = 0; s < T; s++) row[s] = s < t ? row[s] / sum : 0;
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
            float *row = s->weight + (b * T + t) * T;
            weigh(query, key, v, t, b, row);
            for (int h = 0; h < H; h++) {
                float sum = 0;
                for (int from = 0; from < t; from++) sum += row[from] * value->data[(from * B + b) * H + h];
                y->data[(t * B + b) * H + h] = sum;
            }
        }
    return y;
}

const float *additive_attention_weights(const Tensor *y) { return ((const Saved *)y->saved)->weight; }
