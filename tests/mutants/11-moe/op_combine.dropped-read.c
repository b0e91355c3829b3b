// expect: that slot was dropped, and says nothing
#include "op_combine.h"

#include <string.h>

// dx_row += gate_i dy_n,  dgate_i += dy_n . x_row, for slot i of token n = i / K
static void combine_backward(Tensor *y) {
    const Routing *r = y->saved;
    Tensor *x = y->in[0], *gate = y->in[1];
    int C = last_of(y);
    for (int i = 0; i < r->N * r->K; i++) {
        int n = i / r->K, row = r->place[i];
        for (int c = 0; c < C && row >= 0; c++) {
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
    for (int i = 0; i < r->N * r->K; i++) {
        int n = i / r->K, row = r->place[i];
        for (int c = 0; c < C; c++) y->data[n * C + c] += gate->data[i] * x->data[row * C + c];
    }
    return y;
}
