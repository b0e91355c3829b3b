// expect: `base` changes nothing: it need not be 10000
#include "op_rope.h"

#include <math.h>

// What forward leaves for backward.
typedef struct {
    Heads size;
    int first;
    float base;
} Saved;

// Turns every pair of the queries and keys of `in`, and adds it to `out`; sign -1: back. The values are added as they are.
static void turn(const Saved *s, const float *in, double sign, float *out) {
    Heads z = s->size;
    for (int b = 0; b < z.B; b++)
        for (int t = 0; t < z.T; t++)
            for (int h = 0; h < z.NH; h++) {
                for (int part = QUERY; part <= KEY; part++)
                    for (int i = 0; i < z.HS / 2; i++) {
                        size_t at = head_at(z, (HeadPart)part, b, t, h) + 2 * (size_t)i;
                        double angle = sign * (s->first + t) * pow(10000, -2.0 * i / z.HS);
                        float cosine = (float)cos(angle), sine = (float)sin(angle), x = in[at], y = in[at + 1];
                        out[at] += x * cosine - y * sine;
                        out[at + 1] += x * sine + y * cosine;
                    }
                size_t value = head_at(z, VALUE, b, t, h);
                for (int i = 0; i < z.HS; i++) out[value + (size_t)i] += in[value + (size_t)i];
            }
}

// A turn is undone by the turn back, which is also its transpose: so dx is dy turned back.
static void rope_backward(Tensor *y) {
    if (y->in[0]->grad) turn(y->saved, y->grad, -1, y->in[0]->grad);
}

Tensor *op_rope(Tape *tape, Tensor *qkv, int NH, int first, float base) {
    Heads z = heads_of("op_rope", qkv, NH);
    CHECK(z.HS % 2 == 0, "op_rope: qkv is %s with %d heads: a head has %d numbers, want an even number of them", shape_text(qkv), NH, z.HS);
    Tensor *y = tape_tensor(tape, "op_rope", 3, qkv->shape, rope_backward, (Tensor *[]){qkv, NULL});     // (B,T,3C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, first, base};

    for (size_t i = 0; i < y->size; i++) y->data[i] = 0;
    turn(s, qkv->data, 1, y->data);
    return y;
}
