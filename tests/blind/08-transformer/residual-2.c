// wrong: a norm without a bias is taken for no norm at all: with bias NULL nothing is normalised.
// residual.c, your exercise: a way round every branch, and where its norm stands.
//
// Read residual.h in common/ first, then op_add.h and op_layernorm.h. No loops: every operation that is needed is there.
#include "residual.h"
#include "op_add.h"
#include "op_layernorm.h"

Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx) {
    bool norm = r->gain && r->bias;
    Tensor *h = x;
    if (norm && r->place == NORM_PRE) h = op_layernorm(tape, h, r->gain, r->bias);
    h = branch(ctx, tape, h);
    if (r->skip) h = op_add(tape, x, h);
    if (norm && r->place == NORM_POST) h = op_layernorm(tape, h, r->gain, r->bias);
    return h;
}
