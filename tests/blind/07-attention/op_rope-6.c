// wrong: it keeps a table of cosines and sines from call to call and makes it anew only if T or HS changes, not if `first` or `base` does; shows at a second call with the same sizes.
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

// (T,HS): cosine and sine of each pair's angle. They are the same in every step, so they are worked out once.
static const float *waves(int T, int HS, int first, float base) {
    static float *table;
    static int rows, columns;
    if (rows == T && columns == HS) return table;
    rows = T;
    columns = HS;
    table = xrealloc(table, (size_t)T * (size_t)HS * sizeof *table);
    for (int t = 0; t < T; t++) {
        for (int i = 0; i < HS; i += 2) {
            double angle = (first + t) * pow(base, -(double)i / HS);
            table[t * HS + i] = (float)cos(angle);
            table[t * HS + i + 1] = (float)sin(angle);
        }
    }
    return table;
}

// Adds to `to` (a head's numbers) those of `from` turned; sign -1: back.
static void turn(int HS, const float *wave, float sign, const float *from, float *to) {
    for (int i = 0; i < HS; i += 2) {
        float c = wave[i], s = sign * wave[i + 1];
        to[i] += from[i] * c - from[i + 1] * s;
        to[i + 1] += from[i] * s + from[i + 1] * c;
    }
}

static void turn_all(Heads z, const float *wave, float sign, const float *from, float *to) {
    for (int b = 0; b < z.B; b++) {
        for (int t = 0; t < z.T; t++) {
            for (int h = 0; h < z.NH; h++) {
                size_t q = head_at(z, QUERY, b, t, h), k = head_at(z, KEY, b, t, h), v = head_at(z, VALUE, b, t, h);
                turn(z.HS, wave + t * z.HS, sign, from + q, to + q);
                turn(z.HS, wave + t * z.HS, sign, from + k, to + k);
                for (int i = 0; i < z.HS; i++) to[v + (size_t)i] += from[v + (size_t)i];
            }
        }
    }
}

// From y->grad to qkv->grad, both (B,T,3C): added to it (+=), and skipped where it is NULL.
static void rope_backward(Tensor *y) {
    Tensor *qkv = y->in[0];
    const Saved *s = y->saved;
    Heads z = s->size;
    if (qkv->grad) turn_all(z, waves(z.T, z.HS, s->first, s->base), -1, y->grad, qkv->grad);
}

Tensor *op_rope(Tape *tape, Tensor *qkv, int NH, int first, float base) {
    Heads z = heads_of("op_rope", qkv, NH);
    CHECK(z.HS % 2 == 0, "op_rope: qkv is %s with %d heads: a head has %d numbers, want an even number of them", shape_text(qkv), NH, z.HS);
    Tensor *y = tape_tensor(tape, "op_rope", 3, qkv->shape, rope_backward, (Tensor *[]){qkv, NULL});     // (B,T,3C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, first, base};

    for (size_t i = 0; i < y->size; i++) y->data[i] = 0;
    turn_all(z, waves(z.T, z.HS, first, base), 1, qkv->data, y->data);

    return y;
}
