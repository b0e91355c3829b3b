// wrong: the first slot of a token sets y, the others add; shows only where the first was dropped and the memory was used before: y keeps what was there.
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
            if (row < 0) continue;
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

    for (int i = 0; i < r->N * r->K; i++) {
        int n = i / r->K, k = i % r->K, row = r->place[i];
        if (row < 0) continue;
        for (int c = 0; c < C; c++) {
            float says = gate->data[i] * x->data[row * C + c];
            if (k == 0) y->data[n * C + c] = says;
            else y->data[n * C + c] += says;
        }
    }

    return y;
}
