// op_combine.c, from lesson 11: a token hears its experts.
#include "op_combine.h"
#include "rows.h"

#include <string.h>

// y_n = sum over k of gate_nk x_row(n,k)       dx_row = gate_nk dy_n       dgate_nk = dy_n . x_row
static void backward_token(Tensor *y, int n) {
    const Routing *r = y->saved;
    Tensor *x = y->in[0], *gate = y->in[1];
    size_t C = (size_t)last_of(y);
    const float *dy = y->grad + (size_t)n * C;
    for (int i = n * r->K; i < (n + 1) * r->K; i++) {
        if (r->place[i] < 0) continue;
        size_t at = (size_t)r->place[i] * C;
        const float *in = x->data + at;
        float g = gate->data[i], sum = 0;
#pragma omp simd reduction(+ : sum)
        for (size_t c = 0; c < C; c++) sum += dy[c] * in[c];
        if (gate->grad) gate->grad[i] += sum;
        if (!x->grad) continue;
        float *dx = x->grad + at;
#pragma omp simd
        for (size_t c = 0; c < C; c++) dx[c] += g * dy[c];
    }
}

static void combine_backward(Tensor *y) {
    const Routing *r = y->saved;
    rows_each(y, r->N, y->size, backward_token);
}

static void forward_token(Tensor *y, int n) {
    const Routing *r = y->saved;
    size_t C = (size_t)last_of(y);
    float *out = y->data + (size_t)n * C;
    memset(out, 0, C * sizeof *out);
    for (int i = n * r->K; i < (n + 1) * r->K; i++) {
        if (r->place[i] < 0) continue;
        const float *in = y->in[0]->data + (size_t)r->place[i] * C;
        float g = y->in[1]->data[i];
#pragma omp simd
        for (size_t c = 0; c < C; c++) out[c] += g * in[c];
    }
}

Tensor *op_combine(Tape *tape, Tensor *x, Tensor *gate, const Routing *r) {
    int shape[TENSOR_DIMS];
    CHECK(rows_of(x) == r->N * r->K && rows_of(gate) == r->N && last_of(gate) == r->K, "op_combine: x is %s from \"%s\", gate is %s; want (%d,C) and (...,%d) of %d tokens",
          shape_text(x), x->name, shape_text(gate), r->N * r->K, r->K, r->N);
    memcpy(shape, gate->shape, sizeof shape);
    shape[gate->ndim - 1] = last_of(x);
    Tensor *y = tape_tensor(tape, "op_combine", gate->ndim, shape, combine_backward, (Tensor *[]){x, gate, NULL});     // (...,C)
    y->saved = (void *)r;
    rows_each(y, r->N, y->size * (size_t)r->K, forward_token);
    return y;
}
