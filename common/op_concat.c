// op_concat.c, from lesson 06: two vectors behind one another.
#include "op_concat.h"

#include <string.h>

// Each part of dy goes where the number came from.
static void concat_backward(Tensor *y) {
    int N = rows_of(y), at = 0;
    for (int k = 0; k < 2; k++) {
        Tensor *x = y->in[k];
        int C = last_of(x);
        for (int n = 0; x->grad && n < N; n++) {
            const float *dy = y->grad + (size_t)n * (size_t)last_of(y) + at;
            float *dx = x->grad + (size_t)n * (size_t)C;
#pragma omp simd
            for (int c = 0; c < C; c++) dx[c] += dy[c];
        }
        at += C;
    }
}

Tensor *op_concat(Tape *tape, Tensor *a, Tensor *b) {
    int N = rows_of(a), C = last_of(a), D = last_of(b);
    CHECK(a->ndim == b->ndim && rows_of(b) == N, "op_concat: a is %s, b is %s; want the same but for the last dimension", shape_text(a), shape_text(b));
    int shape[TENSOR_DIMS];
    memcpy(shape, a->shape, sizeof shape);
    shape[a->ndim - 1] = C + D;
    Tensor *y = tape_tensor(tape, "op_concat", a->ndim, shape, concat_backward, (Tensor *[]){a, b, NULL});     // (...,C+D)
    for (int n = 0; n < N; n++) {
        float *out = y->data + (size_t)n * (size_t)(C + D);
        memcpy(out, a->data + (size_t)n * (size_t)C, (size_t)C * sizeof *out);
        memcpy(out + C, b->data + (size_t)n * (size_t)D, (size_t)D * sizeof *out);
    }
    return y;
}
