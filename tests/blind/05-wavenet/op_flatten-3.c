// wrong: joins places that are T/n apart (t, t + T/n, ...) instead of neighbours.
// op_flatten.c, your exercise: neighbours in time become one longer vector.
//
// Read op_flatten.h in common/ first.
#include "op_flatten.h"

// From y->grad to x->grad: added to it (+=).
static void flatten_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    int B = x->shape[0], T = x->shape[1], C = x->shape[2];
    int n = last_of(y) / C;
    int places = T / n;
    for (int b = 0; b < B; b++)
        for (int t = 0; t < places; t++)
            for (int j = 0; j < n; j++)
                for (int c = 0; c < C; c++)
                    x->grad[(b * T + j * places + t) * C + c] += y->grad[((b * places + t) * n + j) * C + c];
}

Tensor *op_flatten(Tape *tape, Tensor *x, int n) {
    CHECK(x->ndim == 3 && n > 0 && x->shape[1] % n == 0, "op_flatten: x is %s from \"%s\"; want (B,T,C), and T a multiple of %d", shape_text(x), x->name, n);
    int B = x->shape[0], T = x->shape[1], C = x->shape[2];
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

    int places = T / n;
    for (int b = 0; b < B; b++)
        for (int t = 0; t < places; t++)
            for (int j = 0; j < n; j++)
                for (int c = 0; c < C; c++)
                    y->data[((b * places + t) * n + j) * C + c] = x->data[(b * T + j * places + t) * C + c];

    return y;
}
