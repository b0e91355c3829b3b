// wrong: n = 1 returns x itself as a shortcut, which for T = 1 leaves (B,1,C) where (B,C) is wanted.
// op_flatten.c, your exercise: neighbours in time become one longer vector.
//
// Read op_flatten.h in common/ first.
#include "op_flatten.h"

// From y->grad to x->grad: added to it (+=).
static void flatten_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    for (size_t i = 0; i < x->size; i++) x->grad[i] += y->grad[i];
}

Tensor *op_flatten(Tape *tape, Tensor *x, int n) {
    CHECK(x->ndim == 3 && n > 0 && x->shape[1] % n == 0, "op_flatten: x is %s from \"%s\"; want (B,T,C), and T a multiple of %d", shape_text(x), x->name, n);
    int B = x->shape[0], T = x->shape[1], C = x->shape[2];
    if (n == 1) return x;               // nothing to join
    int ndim = 0, shape[TENSOR_DIMS] = {0};
    if (T / n == 1) {
        ndim = 2;
        shape[0] = B;
        shape[1] = n * C;
    } else {
        ndim = 3;
        shape[0] = B;
        shape[1] = T / n;
        shape[2] = n * C;
    }
    Tensor *y = tape_tensor(tape, "op_flatten", ndim, shape, flatten_backward, (Tensor *[]){x, NULL});

    for (size_t i = 0; i < x->size; i++) y->data[i] = x->data[i];

    return y;
}
