// op_batchnorm.c, your exercise: every column with mean 0 and variance 1 over the batch.
//
// Read op_batchnorm.h in common/ first, and the struct BatchNorm in batchnorm.h.
#include "op_batchnorm.h"

#include <math.h>

typedef struct {
    bool training;
    float *m, *r;           // (C) of every column the mean and 1 / sqrt(v + eps): forward leaves them here for backward
} Saved;

// From y->grad, (N,C), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void batchnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1], *bias = y->in[2];
    const Saved *s = y->saved;
    int N = rows_of(x), C = last_of(x);
    (void)gain;
    (void)bias;
    (void)s;
    (void)N;
    (void)C;
    TODO("add to bias->grad (C), gain->grad (C) and x->grad (N,C); in evaluation m and r are constants");
}

// x (N,C) -> y (N,C) by this batch's own mean and variance, N of 2 or more.
static void forward_training(const Tensor *x, BatchNorm *bn, Saved *s, Tensor *y) {
    int N = rows_of(x), C = last_of(x);
    (void)bn;
    (void)s;
    (void)y;
    (void)N;
    (void)C;
    TODO("in training: s->m and s->r from this batch, y from them; and the running estimates move");
}

// The same by the running estimates, N of 1 or more.
static void forward_evaluation(const Tensor *x, const BatchNorm *bn, Saved *s, Tensor *y) {
    int N = rows_of(x), C = last_of(x);
    (void)bn;
    (void)s;
    (void)y;
    (void)N;
    (void)C;
    TODO("in evaluation: s->m and s->r from the running estimates, y from them");
}

Tensor *op_batchnorm(Tape *tape, Tensor *x, BatchNorm *bn, bool training) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)bn->gain->size == C, "op_batchnorm: x is %s from \"%s\", gain is %s; want (...,C) and (C)", shape_text(x), x->name, shape_text(bn->gain));
    CHECK(!training || N > 1, "op_batchnorm: x is %s from \"%s\": one row has no variance; want 2 or more in training", shape_text(x), x->name);
    Tensor *y = tape_tensor(tape, "op_batchnorm", x->ndim, x->shape, batchnorm_backward, (Tensor *[]){x, bn->gain, bn->bias, NULL});    // (...,C)
    Saved *s = y->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){training, tape_floats(tape, C), tape_floats(tape, C)};
    if (training) forward_training(x, bn, s, y);
    else forward_evaluation(x, bn, s, y);
    return y;
}
