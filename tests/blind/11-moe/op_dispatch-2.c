// wrong: backward walks over all N*K rows; shows only where slots were dropped and the rows behind the last have a gradient: it is added to token 0, for their slot is 0.
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
    if (!x->grad) return;
    for (int row = 0; row < r->N * r->K; row++) {
        int token = r->slot[row] / r->K;
        for (int c = 0; c < C; c++) x->grad[token * C + c] += y->grad[row * C + c];
    }
}

Tensor *op_dispatch(Tape *tape, Tensor *x, const Routing *r) {
    int C = last_of(x);
    CHECK(rows_of(x) == r->N, "op_dispatch: x is %s from \"%s\", the routing is of %d tokens", shape_text(x), x->name, r->N);
    Tensor *y = tape_tensor(tape, "op_dispatch", 2, (int[]){r->N * r->K, C}, dispatch_backward, (Tensor *[]){x, NULL});     // (N*K,C)
    y->saved = (void *)r;

    memset(y->data, 0, y->size * sizeof *y->data);
    for (int row = 0; row < r->start[r->E]; row++)
        memcpy(y->data + row * C, x->data + r->slot[row] / r->K * C, (size_t)C * sizeof *y->data);

    return y;
}
