// op_add.c, from lesson 08: two ways come together.
#include "op_add.h"
#include "rows.h"

// da = dy      db = dy
static void backward_row(Tensor *y, int n) {
    size_t C = (size_t)last_of(y), at = (size_t)n * C;
    for (int k = 0; k < 2; k++) {
        float *dx = y->in[k]->grad ? y->in[k]->grad + at : NULL;
        const float *dy = y->grad + at;
#pragma omp simd
        for (size_t c = 0; c < (dx ? C : 0); c++) dx[c] += dy[c];
    }
}

static void add_backward(Tensor *y) { rows_each(y, rows_of(y), 2 * y->size, backward_row); }

static void forward_row(Tensor *y, int n) {
    size_t C = (size_t)last_of(y), at = (size_t)n * C;
    const float *a = y->in[0]->data + at, *b = y->in[1]->data + at;
    float *out = y->data + at;
#pragma omp simd
    for (size_t c = 0; c < C; c++) out[c] = a[c] + b[c];
}

Tensor *op_add(Tape *tape, Tensor *a, Tensor *b) {
    bool same = a->ndim == b->ndim && a->size == b->size;
    for (int i = 0; i < a->ndim && same; i++) same = a->shape[i] == b->shape[i];
    CHECK(same, "op_add: a is %s from \"%s\", b is %s from \"%s\"; want the same shape", shape_text(a), a->name, shape_text(b), b->name);
    Tensor *y = tape_tensor(tape, "op_add", a->ndim, a->shape, add_backward, (Tensor *[]){a, b, NULL});
    rows_each(y, rows_of(y), y->size, forward_row);
    return y;
}
