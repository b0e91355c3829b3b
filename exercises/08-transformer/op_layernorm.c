// op_layernorm.c, your exercise: every row with mean 0 and variance 1.
//
// Read op_layernorm.h in common/ first. Plain loops are right.
#include "op_layernorm.h"

#include <math.h>

static const float EPS = 1e-5f;

// What forward leaves for backward.
typedef struct {
    float *m, *r;           // (N) of every row the mean and 1 / sqrt(v + EPS)
} Saved;

// From y->grad, (N,C), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void layernorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];       // bias may be NULL
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    (void)gain;
    (void)bias;
    (void)s;
    (void)N;
    (void)C;
    TODO("add to bias->grad (C), gain->grad (C) and x->grad (N,C); x moves its row's mean and variance too");
}

Tensor *op_layernorm(Tape *tape, Tensor *x, Tensor *gain, Tensor *bias) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)gain->size == C && (!bias || (int)bias->size == C), "op_layernorm: x is %s from \"%s\", gain is %s, bias is %s; want (...,C), (C) and (C)",
          shape_text(x), x->name, shape_text(gain), bias ? shape_text(bias) : "absent");
    Tensor *y = tape_tensor(tape, "op_layernorm", x->ndim, x->shape, layernorm_backward, (Tensor *[]){x, gain, bias, NULL});    // (...,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, N), tape_floats(tape, N)};

    (void)EPS;
    TODO("for every row n: s->m[n] and s->r[n], and by them y, with the gain, and the bias if there is one");

    return y;
}
