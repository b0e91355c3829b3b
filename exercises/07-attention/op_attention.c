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

// From y->grad, (B,T,C), to qkv->grad, (B,T,3C): added to it (+=), and skipped where it is NULL.
static void attention_backward(Tensor *y) {
    Tensor *qkv = y->in[0];
    const Saved *s = y->saved;
    Heads z = s->size;
    (void)qkv;
    (void)z;
    TODO("the values: each gets of every y that it went into");
    TODO("queries and keys, back through the softmax (extra: without these, take this line out)");
}

Tensor *op_attention(Tape *tape, Tensor *qkv, int NH, const float *slope) {
    Heads z = heads_of("op_attention", qkv, NH);
    Tensor *y = tape_tensor(tape, "op_attention", 3, (int[]){z.B, z.T, z.C}, attention_backward, (Tensor *[]){qkv, NULL});    // (B,T,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)z.B * (size_t)NH * (size_t)z.T * (size_t)z.T)};

    (void)slope;
    TODO("s->weight, for every example, head and token t: the softmax of the scores of s <= t; 0 for s > t");
    TODO("y[b][t], head by head: the sum over s <= t of the weight times the value");

    return y;
}

void attention_weights(const Tensor *y, int b, int h, float *weight) {
    (void)y;
    (void)b;
    (void)h;
    (void)weight;
    TODO("the T*T weights of head h of example b, into weight");
}
