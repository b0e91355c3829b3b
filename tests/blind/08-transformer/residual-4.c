// wrong: with NORM_PRE the branch is called twice, first with plain x and again with norm(x), and only the second result is used; it shows in a branch that has a state (dropout's random numbers, a counter in ctx).
// residual.c, your exercise: a way round every branch, and where its norm stands.
//
// Read residual.h in common/ first, then op_add.h and op_layernorm.h. No loops: every operation that is needed is there.
#include "residual.h"
#include "op_add.h"
#include "op_layernorm.h"

Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx) {
    Tensor *y = branch(ctx, tape, x);
    if (r->place == NORM_PRE) y = branch(ctx, tape, op_layernorm(tape, x, r->gain, r->bias));
    if (r->skip) y = op_add(tape, x, y);
    if (r->place == NORM_POST) y = op_layernorm(tape, y, r->gain, r->bias);
    return y;
}
