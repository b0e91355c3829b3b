// expect: the branch is added to itself
#include "residual.h"
#include "op_add.h"
#include "op_layernorm.h"

Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx) {
    Tensor *y = x;
    if (r->place == NORM_PRE) y = op_layernorm(tape, y, r->gain, r->bias);
    y = branch(ctx, tape, y);
    if (r->skip) y = op_add(tape, y, y);
    if (r->place == NORM_POST) y = op_layernorm(tape, y, r->gain, r->bias);
    return y;
}
