// wrong: where both inputs are the same tensor it gets the gradient once and not twice.
// op_add.c, your exercise: two ways come together.
//
// Read op_add.h in common/ first.
#include "op_add.h"

// From y->grad to both inputs, which may be one and the same: added (+=), and skipped where grad is NULL.
static void add_backward(Tensor *y) {
    Tensor *a = y->in[0], *b = y->in[1];
    for (size_t i = 0; i < y->size; i++) {
        if (a->grad) a->grad[i] += y->grad[i];
        if (b->grad && b != a) b->grad[i] += y->grad[i];        // not a second time
    }
}

Tensor *op_add(Tape *tape, Tensor *a, Tensor *b) {
    bool same = a->ndim == b->ndim && a->size == b->size;
    for (int i = 0; i < a->ndim && same; i++) same = a->shape[i] == b->shape[i];
    CHECK(same, "op_add: a is %s from \"%s\", b is %s from \"%s\"; want the same shape", shape_text(a), a->name, shape_text(b), b->name);
    Tensor *y = tape_tensor(tape, "op_add", a->ndim, a->shape, add_backward, (Tensor *[]){a, b, NULL});     // as a and b

    for (size_t i = 0; i < y->size; i++) y->data[i] = a->data[i] + b->data[i];

    return y;
}
