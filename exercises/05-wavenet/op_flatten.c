// op_flatten.c, your exercise: neighbours in time become one longer vector.
//
// Read op_flatten.h in common/ first.
#include "op_flatten.h"

// From y->grad to x->grad: added to it (+=).
static void flatten_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    TODO("add to x->grad what y->grad says");
}

Tensor *op_flatten(Tape *tape, Tensor *x, int n) {
    CHECK(x->ndim == 3 && n > 0 && x->shape[1] % n == 0, "op_flatten: x is %s from \"%s\"; want (B,T,C), and T a multiple of %d", shape_text(x), x->name, n);
    int B = x->shape[0], T = x->shape[1], C = x->shape[2];
    int ndim = 0, shape[TENSOR_DIMS] = {0};
    (void)B;
    (void)T;
    (void)C;
    TODO("the shape of y: ndim and shape[0 .. ndim-1]");
    Tensor *y = tape_tensor(tape, "op_flatten", ndim, shape, flatten_backward, (Tensor *[]){x, NULL});

    TODO("y[b][t] = x[b][t*n], x[b][t*n + 1], ..., x[b][t*n + n-1], one behind the other");

    return y;
}
