// op_dispatch.c, from lesson 11: tokens go to their experts.
#include "op_dispatch.h"
#include "rows.h"

#include <string.h>

// A token went to several experts: what they want of it adds up.
static void backward_token(Tensor *y, int n) {
    const Routing *r = y->saved;
    size_t C = (size_t)last_of(y);
    float *dx = y->in[0]->grad + (size_t)n * C;
    for (int k = 0; k < r->K; k++) {
        int row = r->place[n * r->K + k];
        if (row < 0) continue;
        const float *dy = y->grad + (size_t)row * C;
#pragma omp simd
        for (size_t c = 0; c < C; c++) dx[c] += dy[c];
    }
}

static void dispatch_backward(Tensor *y) {
    const Routing *r = y->saved;
    if (y->in[0]->grad) rows_each(y, r->N, y->size, backward_token);
}

static void forward_row(Tensor *y, int row) {
    const Routing *r = y->saved;
    size_t C = (size_t)last_of(y);
    float *out = y->data + (size_t)row * C;
    if (row < r->start[r->E]) memcpy(out, y->in[0]->data + (size_t)(r->slot[row] / r->K) * C, C * sizeof *out);
    else memset(out, 0, C * sizeof *out);
}

Tensor *op_dispatch(Tape *tape, Tensor *x, const Routing *r) {
    CHECK(rows_of(x) == r->N, "op_dispatch: x is %s from \"%s\", the routing is of %d tokens", shape_text(x), x->name, r->N);
    Tensor *y = tape_tensor(tape, "op_dispatch", 2, (int[]){r->N * r->K, last_of(x)}, dispatch_backward, (Tensor *[]){x, NULL});     // (N*K,C)
    y->saved = (void *)r;
    rows_each(y, r->N * r->K, y->size, forward_row);
    return y;
}
