// op_combine.c, your exercise: a token hears its experts.
//
// Read op_combine.h and routing.h in common/ first.
#include "op_combine.h"

#include <string.h>

// From y->grad, (N,C), to x->grad, (N*K,C), and to gate->grad, (N,K): added (+=), and skipped where they are NULL.
static void combine_backward(Tensor *y) {
    const Routing *r = y->saved;
    Tensor *x = y->in[0], *gate = y->in[1];
    int C = last_of(y);
    (void)r;
    (void)x;
    (void)gate;
    (void)C;
    TODO("add to the rows' gradient, and to that of the gates");
}

Tensor *op_combine(Tape *tape, Tensor *x, Tensor *gate, const Routing *r) {
    int shape[TENSOR_DIMS], C = last_of(x);
    CHECK(rows_of(x) == r->N * r->K && rows_of(gate) == r->N && last_of(gate) == r->K, "op_combine: x is %s from \"%s\", gate is %s; want (%d,C) and (...,%d) of %d tokens",
          shape_text(x), x->name, shape_text(gate), r->N * r->K, r->K, r->N);
    memcpy(shape, gate->shape, sizeof shape);
    shape[gate->ndim - 1] = C;
    Tensor *y = tape_tensor(tape, "op_combine", gate->ndim, shape, combine_backward, (Tensor *[]){x, gate, NULL});     // (...,C)
    y->saved = (void *)r;

    TODO("for every token: the sum over its slots of gate times row; one that was dropped says nothing");

    return y;
}
