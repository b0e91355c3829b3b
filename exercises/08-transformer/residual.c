// residual.c, your exercise: a way round every branch, and where its norm stands.
//
// Read residual.h in common/ first, then op_add.h and op_layernorm.h. No loops: every operation that is needed is there.
#include "residual.h"
#include "op_add.h"
#include "op_layernorm.h"

Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx) {
    (void)tape;
    (void)r;
    (void)branch;       // branch(ctx, tape, ...) is what comes out of the branch
    (void)ctx;
    TODO("the branch, with the norm where r->place says; and x beside it, if r->skip");
    return x;
}
