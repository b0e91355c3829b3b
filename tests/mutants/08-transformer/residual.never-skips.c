// expect: NORM_PRE, with the way round (skip): r->skip is true, and x is not added
#include "residual.h"
#include "op_add.h"
#include "op_layernorm.h"

Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx) {
    Tensor *y = x;
    if (r->place == NORM_PRE) y = op_layernorm(tape, y, r->gain, r->bias);
    y = branch(ctx, tape, y);
    if (r->place == NORM_POST) y = op_layernorm(tape, y, r->gain, r->bias);
    return y;
}
