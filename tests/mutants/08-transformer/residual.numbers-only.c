// expect: nothing flows by the way round
#include "residual.h"
#include "op_add.h"
#include "op_layernorm.h"

Tensor *residual(Tape *tape, Tensor *x, const Residual *r, Branch branch, void *ctx) {
    Tensor *y = x;
    if (r->place == NORM_PRE) y = op_layernorm(tape, y, r->gain, r->bias);
    y = branch(ctx, tape, y);
    if (r->skip)
        for (size_t i = 0; i < y->size; i++) y->data[i] += x->data[i];
    if (r->place == NORM_POST) y = op_layernorm(tape, y, r->gain, r->bias);
    return y;
}
