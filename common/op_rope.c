// op_rope.c, from lesson 07: positions by turning queries and keys.
#include "op_rope.h"
#include "rows.h"

#include <math.h>
#include <string.h>

// What forward leaves for backward.
typedef struct {
    Heads size;
    float *cosine, *sine;   // (T, HS/2)
} Saved;

// Turns the C/2 pairs of a token's query or key: from `in` into, or onto, `out`; by the angle, or (sign -1) back.
static void turn(const Saved *s, int t, const float *in, float sign, bool add, float *out) {
    int pairs = s->size.HS / 2;
    const float *cosine = s->cosine + (size_t)t * (size_t)pairs, *sine = s->sine + (size_t)t * (size_t)pairs;
    for (int h = 0; h < s->size.NH; h++, in += 2 * pairs, out += 2 * pairs) {
#pragma omp simd
        for (int i = 0; i < pairs; i++) {
            float a = in[2 * i], b = in[2 * i + 1], sin = sign * sine[i];
            out[2 * i] = (add ? out[2 * i] : 0) + a * cosine[i] - b * sin;
            out[2 * i + 1] = (add ? out[2 * i + 1] : 0) + a * sin + b * cosine[i];
        }
    }
}

static void forward_row(Tensor *y, int n) {
    const Saved *s = y->saved;
    size_t C = (size_t)s->size.C, at = (size_t)n * 3 * C;
    const float *x = y->in[0]->data + at;
    turn(s, n % s->size.T, x, 1, false, y->data + at);
    turn(s, n % s->size.T, x + C, 1, false, y->data + at + C);
    memcpy(y->data + at + 2 * C, x + 2 * C, C * sizeof *x);
}

// A turn is undone by the turn back, which is also its transpose: so dx is dy turned back.
static void backward_row(Tensor *y, int n) {
    const Saved *s = y->saved;
    size_t C = (size_t)s->size.C, at = (size_t)n * 3 * C;
    const float *dy = y->grad + at;
    float *dx = y->in[0]->grad + at;
    turn(s, n % s->size.T, dy, -1, true, dx);
    turn(s, n % s->size.T, dy + C, -1, true, dx + C);
#pragma omp simd
    for (size_t c = 2 * C; c < 3 * C; c++) dx[c] += dy[c];
}

static void rope_backward(Tensor *y) {
    if (y->in[0]->grad) rows_each(y, rows_of(y), y->size, backward_row);
}

Tensor *op_rope(Tape *tape, Tensor *qkv, int NH, int first, float base) {
    Heads z = heads_of("op_rope", qkv, NH);
    CHECK(z.HS % 2 == 0, "op_rope: qkv is %s with %d heads: a head has %d numbers, want an even number of them", shape_text(qkv), NH, z.HS);
    Tensor *y = tape_tensor(tape, "op_rope", 3, qkv->shape, rope_backward, (Tensor *[]){qkv, NULL});     // (B,T,3C)
    size_t pairs = (size_t)z.HS / 2;
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){z, tape_floats(tape, (size_t)z.T * pairs), tape_floats(tape, (size_t)z.T * pairs)};
    for (size_t i = 0; i < pairs; i++) {
        double speed = pow((double)base, -2.0 * (double)i / z.HS);
        for (int t = 0; t < z.T; t++) {
            s->cosine[(size_t)t * pairs + i] = (float)cos((first + t) * speed);
            s->sine[(size_t)t * pairs + i] = (float)sin((first + t) * speed);
        }
    }
    rows_each(y, rows_of(y), y->size, forward_row);
    return y;
}
