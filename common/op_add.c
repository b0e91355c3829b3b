// op_add.c, from lesson 08: two ways come together.
#include "op_add.h"

// da = dy      db = dy
static void add_backward(Tensor *y) {
    for (int k = 0; k < 2; k++) {
        float *dx = y->in[k]->grad;
        const float *dy = y->grad;
#pragma omp simd
        for (size_t i = 0; i < (dx ? y->size : 0); i++) dx[i] += dy[i];
    }
}

Tensor *op_add(Tape *tape, Tensor *a, Tensor *b) {
    bool same = a->ndim == b->ndim && a->size == b->size;
    for (int i = 0; i < a->ndim && same; i++) same = a->shape[i] == b->shape[i];
    CHECK(same, "op_add: a is %s from \"%s\", b is %s from \"%s\"; want the same shape", shape_text(a), a->name, shape_text(b), b->name);
    Tensor *y = tape_tensor(tape, "op_add", a->ndim, a->shape, add_backward, (Tensor *[]){a, b, NULL});
#pragma omp simd
    for (size_t i = 0; i < y->size; i++) y->data[i] = a->data[i] + b->data[i];
    return y;
}
