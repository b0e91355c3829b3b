// op_dispatch.c, your exercise: tokens go to their experts.
//
// Read op_dispatch.h and routing.h in common/ first.
#include "op_dispatch.h"

#include <string.h>

// From y->grad, (N*K,C), to x->grad, (N,C): added (+=), and skipped where it is NULL.
static void dispatch_backward(Tensor *y) {
    const Routing *r = y->saved;
    Tensor *x = y->in[0];
    int C = last_of(y);
    (void)r;
    (void)x;
    (void)C;
    TODO("add to x->grad what the experts want of each token");
}

Tensor *op_dispatch(Tape *tape, Tensor *x, const Routing *r) {
    int C = last_of(x);
    CHECK(rows_of(x) == r->N, "op_dispatch: x is %s from \"%s\", the routing is of %d tokens", shape_text(x), x->name, r->N);
    Tensor *y = tape_tensor(tape, "op_dispatch", 2, (int[]){r->N * r->K, C}, dispatch_backward, (Tensor *[]){x, NULL});     // (N*K,C)
    y->saved = (void *)r;

    TODO("every row of y: its token's numbers, or 0 behind the last row that there is");

    return y;
}
