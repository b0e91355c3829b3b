// op_rope.c, your exercise: positions by turning queries and keys.
//
// Read op_rope.h and heads.h in common/ first.
#include "op_rope.h"

#include <math.h>

// What forward leaves for backward.
typedef struct {
    Heads size;
    int first;
    float base;
} Saved;

// From y->grad to qkv->grad, both (B,T,3C): added to it (+=), and skipped where it is NULL.
static void rope_backward(Tensor *y) {
    Tensor *qkv = y->in[0];
    const Saved *s = y->saved;
    Heads z = s->size;
    (void)qkv;
    (void)z;
    TODO("what undoes a turn? And the values?");
}

Tensor *op_rope(Tape *tape, Tensor *qkv, int NH, int first, float base) {
    Heads z = heads_of("op_rope", qkv, NH);
    CHECK(z.HS % 2 == 0, "op_rope: qkv is %s with %d heads: a head has %d numbers, want an even number of them", shape_text(qkv), NH, z.HS);
    Tensor *y = tape_tensor(tape, "op_rope", 3, qkv->shape, rope_backward, (Tensor *[]){qkv, NULL});     // (B,T,3C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, first, base};

    TODO("y: for every token and head, each pair of the query and of the key turned by its angle; the value as it is");

    return y;
}
