// op_experts.c, from lesson 11: every expert's matrix, with its own rows.
#include "op_experts.h"
#include "gemm.h"
#include "rows.h"

#include <string.h>

// An expert with the rows that it works on. Experts are shared among threads, each as soon as a thread is free: some have more rows than others.
static void each_expert(const Tensor *y, void (*expert)(const Tensor *y, int e)) {
    const Routing *r = y->saved;
    if (!rows_worth_threads(y->size)) {
        for (int e = 0; e < r->E; e++) expert(y, e);
        return;
    }
#pragma omp parallel for schedule(dynamic)
    for (int e = 0; e < r->E; e++) expert(y, e);
}

// As for op_linear:   dx = dy w      dw = dyᵀ x      of the expert's rows
static void backward_expert(const Tensor *y, int e) {
    const Routing *r = y->saved;
    Tensor *x = y->in[0], *w = y->in[1];
    int first = r->start[e], rows = r->start[e + 1] - first, I = last_of(x), O = last_of(y);
    size_t at = (size_t)e * (size_t)O * (size_t)I;
    const float *dy = y->grad + (size_t)first * (size_t)O;
    if (rows == 0) return;
    if (x->grad) gemm('N', 'N', rows, I, O, dy, O, w->data + at, I, 1, x->grad + (size_t)first * (size_t)I, I);
    if (w->grad) gemm('T', 'N', O, I, rows, dy, O, x->data + (size_t)first * (size_t)I, I, 1, w->grad + at, I);
}

static void experts_backward(Tensor *y) { each_expert(y, backward_expert); }

static void forward_expert(const Tensor *y, int e) {
    const Routing *r = y->saved;
    const Tensor *x = y->in[0], *w = y->in[1];
    int first = r->start[e], rows = r->start[e + 1] - first, I = last_of(x), O = last_of(y);
    if (rows > 0)
        gemm('N', 'T', rows, O, I, x->data + (size_t)first * (size_t)I, I, w->data + (size_t)e * (size_t)O * (size_t)I, I, 0, y->data + (size_t)first * (size_t)O, O);
}

Tensor *op_experts(Tape *tape, Tensor *x, Tensor *w, const Routing *r) {
    int I = last_of(x), rows = r->start[r->E];
    CHECK(rows_of(x) == r->N * r->K && w->ndim == 3 && w->shape[0] == r->E && w->shape[2] == I, "op_experts: x is %s from \"%s\", w is %s; want (%d,I) and (%d,O,I)",
          shape_text(x), x->name, shape_text(w), r->N * r->K, r->E);
    Tensor *y = tape_tensor(tape, "op_experts", 2, (int[]){r->N * r->K, w->shape[1]}, experts_backward, (Tensor *[]){x, w, NULL});     // (N*K,O)
    y->saved = (void *)r;
    size_t used = (size_t)rows * (size_t)last_of(y);
    memset(y->data + used, 0, (y->size - used) * sizeof *y->data);
    each_expert(y, forward_expert);
    return y;
}
