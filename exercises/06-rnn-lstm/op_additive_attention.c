// op_additive_attention.c, your exercise: look back at earlier states, at those that fit.
//
// Read op_additive_attention.h in common/ first. Plain loops are right.
#include "op_additive_attention.h"

#include <math.h>
#include <stdlib.h>

// What forward leaves for backward.
typedef struct {
    float *weight;          // (B,T,T) of each example: row t holds the weights of the places s, 0 for s >= t
} Saved;

// From y->grad, (T,B,H), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void additive_attention_backward(Tensor *y) {
    Tensor *query = y->in[0], *key = y->in[1], *v = y->in[2], *value = y->in[3];
    const float *weight = ((const Saved *)y->saved)->weight;
    int T = query->shape[0], B = query->shape[1], A = query->shape[2], H = value->shape[2];
    (void)key;
    (void)v;
    (void)weight;
    (void)T;
    (void)B;
    (void)A;
    (void)H;
    TODO("add to value->grad (T,B,H), query->grad (T,B,A), key->grad (T,B,A) and v->grad (A)");
}

Tensor *op_additive_attention(Tape *tape, Tensor *query, Tensor *key, Tensor *v, Tensor *value) {
    int T = query->shape[0], B = query->shape[1], A = last_of(query), H = last_of(value);
    CHECK(query->ndim == 3 && key->ndim == 3 && value->ndim == 3 && key->size == query->size && last_of(key) == A && (int)v->size == A && value->shape[0] == T && value->shape[1] == B,
          "op_additive_attention: query is %s, key is %s, v is %s, value is %s; want (T,B,A), (T,B,A), (A) and (T,B,H)", shape_text(query), shape_text(key),
          shape_text(v), shape_text(value));
    Tensor *y = tape_tensor(tape, "op_additive_attention", 3, value->shape, additive_attention_backward, (Tensor *[]){query, key, v, value, NULL});      // (T,B,H)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, (size_t)B * (size_t)T * (size_t)T)};

    (void)H;
    TODO("s->weight[(b*T + t)*T + s], for every example b and place t: the softmax of the scores of s < t; 0 for s >= t");
    TODO("y[t][b] = the sum over s < t of the weight times value[s][b]");

    return y;
}

const float *additive_attention_weights(const Tensor *y) { return ((const Saved *)y->saved)->weight; }
