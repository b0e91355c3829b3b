// wrong: backward passes over slots whose gate is 0, for nothing came of them; but the gate itself has a gradient all the same; shows only with a gate of exactly 0, as of logits 200 apart: 0 in place of dy times row.
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
    for (int n = 0; n < r->N; n++)
        for (int k = 0; k < r->K; k++) {
            int i = n * r->K + k, row = r->place[i];
            if (row < 0 || gate->data[i] == 0) continue;
            for (int c = 0; c < C; c++) {
                float dy = y->grad[n * C + c];
                if (x->grad) x->grad[row * C + c] += gate->data[i] * dy;
                if (gate->grad) gate->grad[i] += dy * x->data[row * C + c];
            }
        }
}

Tensor *op_combine(Tape *tape, Tensor *x, Tensor *gate, const Routing *r) {
    int shape[TENSOR_DIMS], C = last_of(x);
    CHECK(rows_of(x) == r->N * r->K && rows_of(gate) == r->N && last_of(gate) == r->K, "op_combine: x is %s from \"%s\", gate is %s; want (%d,C) and (...,%d) of %d tokens",
          shape_text(x), x->name, shape_text(gate), r->N * r->K, r->K, r->N);
    memcpy(shape, gate->shape, sizeof shape);
    shape[gate->ndim - 1] = C;
    Tensor *y = tape_tensor(tape, "op_combine", gate->ndim, shape, combine_backward, (Tensor *[]){x, gate, NULL});     // (...,C)
    y->saved = (void *)r;

    memset(y->data, 0, y->size * sizeof *y->data);
    for (int n = 0; n < r->N; n++)
        for (int k = 0; k < r->K; k++) {
            int i = n * r->K + k, row = r->place[i];
            if (row < 0) continue;
            for (int c = 0; c < C; c++) y->data[n * C + c] += gate->data[i] * x->data[row * C + c];
        }

    return y;
}
