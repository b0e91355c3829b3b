// op_rmsnorm.c, your exercise: every row with mean square 1.
//
// Read op_rmsnorm.h in common/ first. Plain loops are right.
#include "op_rmsnorm.h"

#include <math.h>

static const float EPS = 1e-5f;

// From y->grad, (N,C), to the gradients of the inputs; each is added to (+=), and skipped where it is NULL.
static void rmsnorm_backward(Tensor *y) {
    Tensor *x = y->in[0], *gain = y->in[1];
    const float *r = y->saved;          // (N) from forward
    int N = rows_of(x), C = last_of(x);
    (void)gain;
    (void)r;
    (void)N;
    (void)C;
    TODO("add to gain->grad (C) and to x->grad (N,C); x moves its row's mean square too");
}

Tensor *op_rmsnorm(Tape *tape, Tensor *x, Tensor *gain) {
    int N = rows_of(x), C = last_of(x);
    CHECK((int)gain->size == C, "op_rmsnorm: x is %s from \"%s\", gain is %s; want (...,C) and (C)", shape_text(x), x->name, shape_text(gain));
    Tensor *y = tape_tensor(tape, "op_rmsnorm", x->ndim, x->shape, rmsnorm_backward, (Tensor *[]){x, gain, NULL});     // (...,C)
    float *r = y->saved = tape_floats(tape, (size_t)N);       // (N) of each row 1 / sqrt(mean of x² + EPS), for backward

    (void)C;
    (void)r;
    (void)EPS;
    TODO("for every row n: r[n], and by it y, with the gain");

    return y;
}
