// op_reverse.c, from lesson 06: sequences read from their end.
#include "op_reverse.h"

#include <string.h>

// Where place t of sequence b comes from; the same the other way round.
static size_t source(const Tensor *x, const int *length, int t, int b) {
    int n = length ? length[b] : x->shape[0], from = t < n ? n - 1 - t : t;
    return ((size_t)from * (size_t)x->shape[1] + (size_t)b) * (size_t)last_of(x);
}

static void reverse_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    int T = y->shape[0], B = y->shape[1], C = last_of(y);
    for (int t = 0; t < T; t++)
        for (int b = 0; b < B; b++) {
            const float *dy = y->grad + ((size_t)t * (size_t)B + (size_t)b) * (size_t)C;
            float *dx = x->grad + source(x, y->saved, t, b);
#pragma omp simd
            for (int c = 0; c < C; c++) dx[c] += dy[c];
        }
}

Tensor *op_reverse(Tape *tape, Tensor *x, const int *length) {
    CHECK(x->ndim == 3, "op_reverse: x is %s from \"%s\", want (T,B,C)", shape_text(x), x->name);
    int T = x->shape[0], B = x->shape[1], C = last_of(x);
    Tensor *y = tape_tensor(tape, "op_reverse", 3, x->shape, reverse_backward, (Tensor *[]){x, NULL});
    if (length) y->saved = tape_copy_ints(tape, length, (size_t)B);
    for (int t = 0; t < T; t++)
        for (int b = 0; b < B; b++) memcpy(y->data + ((size_t)t * (size_t)B + (size_t)b) * (size_t)C, x->data + source(x, length, t, b), (size_t)C * sizeof(float));
    return y;
}
