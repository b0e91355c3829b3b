// expect: row, slot and token are three things
#include "op_dispatch.h"

// A token went to several experts: what they want of it adds up.
static void dispatch_backward(Tensor *y) {
    const Routing *r = y->saved;
    Tensor *x = y->in[0];
    int C = last_of(y);
    for (int row = 0; row < r->start[r->E] && x->grad; row++) {
        int token = r->slot[row] / r->K;
        for (int c = 0; c < C; c++) x->grad[token * C + c] += y->grad[row * C + c];
    }
}

Tensor *op_dispatch(Tape *tape, Tensor *x, const Routing *r) {
    int C = last_of(x);
    CHECK(rows_of(x) == r->N, "op_dispatch: x is %s from \"%s\", the routing is of %d tokens", shape_text(x), x->name, r->N);
    Tensor *y = tape_tensor(tape, "op_dispatch", 2, (int[]){r->N * r->K, C}, dispatch_backward, (Tensor *[]){x, NULL});     // (N*K,C)
    y->saved = (void *)r;

    for (int row = 0; row < r->N * r->K; row++) {
        bool taken = row < r->start[r->E];
        for (int c = 0; c < C; c++) y->data[row * C + c] = taken ? x->data[r->slot[row] * C + c] : 0;
    }
    return y;
}
