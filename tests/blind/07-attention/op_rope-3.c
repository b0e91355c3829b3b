// wrong: the speeds go on from head to head (the pairs are counted through the whole query) where each head must begin again at 1; right for one head.
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

// How far pair i of head h is turned at a position: every pair of the query has a speed of its own.
static double angle_of(Heads z, int position, int h, int i, float base) {
    int pair = h * z.HS / 2 + i;
    return position * pow(base, -2.0 * pair / z.HS);
}

// From y->grad to qkv->grad, both (B,T,3C): added to it (+=), and skipped where it is NULL.
static void rope_backward(Tensor *y) {
    Tensor *qkv = y->in[0];
    const Saved *s = y->saved;
    Heads z = s->size;
    if (!qkv->grad) return;

    for (int b = 0; b < z.B; b++) {
        for (int t = 0; t < z.T; t++) {
            for (int h = 0; h < z.NH; h++) {
                for (int part = QUERY; part <= KEY; part++) {
                    size_t at = head_at(z, (HeadPart)part, b, t, h);
                    for (int i = 0; i < z.HS / 2; i++) {
                        double angle = angle_of(z, s->first + t, h, i, s->base);
                        float c = (float)cos(angle), d = (float)sin(angle);
                        float ga = y->grad[at + 2 * (size_t)i], gb = y->grad[at + 2 * (size_t)i + 1];
                        qkv->grad[at + 2 * (size_t)i] += ga * c + gb * d;
                        qkv->grad[at + 2 * (size_t)i + 1] += gb * c - ga * d;
                    }
                }
                size_t at = head_at(z, VALUE, b, t, h);
                for (int i = 0; i < z.HS; i++) qkv->grad[at + (size_t)i] += y->grad[at + (size_t)i];
            }
        }
    }
}

Tensor *op_rope(Tape *tape, Tensor *qkv, int NH, int first, float base) {
    Heads z = heads_of("op_rope", qkv, NH);
    CHECK(z.HS % 2 == 0, "op_rope: qkv is %s with %d heads: a head has %d numbers, want an even number of them", shape_text(qkv), NH, z.HS);
    Tensor *y = tape_tensor(tape, "op_rope", 3, qkv->shape, rope_backward, (Tensor *[]){qkv, NULL});     // (B,T,3C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, first, base};

    for (int b = 0; b < z.B; b++) {
        for (int t = 0; t < z.T; t++) {
            for (int h = 0; h < z.NH; h++) {
                for (int part = QUERY; part <= KEY; part++) {
                    size_t at = head_at(z, (HeadPart)part, b, t, h);
                    for (int i = 0; i < z.HS / 2; i++) {
                        double angle = angle_of(z, first + t, h, i, base);
                        float c = (float)cos(angle), d = (float)sin(angle);
                        float p = qkv->data[at + 2 * (size_t)i], q = qkv->data[at + 2 * (size_t)i + 1];
                        y->data[at + 2 * (size_t)i] = p * c - q * d;
                        y->data[at + 2 * (size_t)i + 1] = p * d + q * c;
                    }
                }
                size_t at = head_at(z, VALUE, b, t, h);
                for (int i = 0; i < z.HS; i++) y->data[at + (size_t)i] = qkv->data[at + (size_t)i];
            }
        }
    }

    return y;
}
