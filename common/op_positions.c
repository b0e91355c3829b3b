// op_positions.c, from lesson 07: what a token is, and where it stands, in one vector.
#include "op_positions.h"

static float *table_row(float *table, const Tensor *y, int n) {
    int first = *(const int *)y->saved, T = y->shape[1], C = last_of(y);
    return table + (size_t)(first + n % T) * (size_t)C;
}

// dx = dy      dtable_(first + t) = sum over b of dy_bt
static void positions_backward(Tensor *y) {
    Tensor *x = y->in[0], *table = y->in[1];
    int C = last_of(y);
#pragma omp simd
    for (size_t i = 0; i < (x->grad ? y->size : 0); i++) x->grad[i] += y->grad[i];
    for (int n = 0; n < rows_of(y) && table->grad; n++) {
        const float *dy = y->grad + (size_t)n * (size_t)C;
        float *dtable = table_row(table->grad, y, n);
#pragma omp simd
        for (int c = 0; c < C; c++) dtable[c] += dy[c];
    }
}

Tensor *op_positions(Tape *tape, Tensor *x, Tensor *table, int first) {
    int T = x->shape[1], C = last_of(x);
    CHECK(x->ndim == 3 && table->ndim == 2 && table->shape[1] == C && first >= 0 && first + T <= table->shape[0],
          "op_positions: x is %s from \"%s\", table is %s, from position %d; want (B,T,C) and (most,C) with room for all positions", shape_text(x), x->name,
          shape_text(table), first);
    Tensor *y = tape_tensor(tape, "op_positions", 3, x->shape, positions_backward, (Tensor *[]){x, table, NULL});       // (B,T,C)
    y->saved = tape_copy_ints(tape, &first, 1);
    for (int n = 0; n < rows_of(y); n++) {
        const float *in = x->data + (size_t)n * (size_t)C, *position = table_row(table->data, y, n);
        float *out = y->data + (size_t)n * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) out[c] = in[c] + position[c];
    }
    return y;
}
