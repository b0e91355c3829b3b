// expect: the neighbours are interleaved, number by number
#include "op_flatten.h"

// dx = dy, number by number
static void flatten_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) x->grad[i] += y->grad[i];
}

Tensor *op_flatten(Tape *tape, Tensor *x, int n) {
    CHECK(x->ndim == 3 && n > 0 && x->shape[1] % n == 0, "op_flatten: x is %s from \"%s\"; want (B,T,C), and T a multiple of %d", shape_text(x), x->name, n);
    int B = x->shape[0], T = x->shape[1], C = x->shape[2];
    int ndim = 3, shape[TENSOR_DIMS] = {B, T / n, n * C};
    if (T == n) {
        ndim = 2;
        shape[1] = n * C;
    }
    Tensor *y = tape_tensor(tape, "op_flatten", ndim, shape, flatten_backward, (Tensor *[]){x, NULL});

    for (int b = 0; b < B; b++)
        for (int t = 0; t < T / n; t++)
            for (int k = 0; k < n; k++)
                for (int c = 0; c < C; c++) y->data[(b * (T / n) + t) * n * C + c * n + k] = x->data[(b * T + t * n + k) * C + c];
    return y;
}
