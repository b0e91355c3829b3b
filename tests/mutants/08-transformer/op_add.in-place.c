// expect: a is to be left alone, for others use it too
#include "op_add.h"

// da = dy      db = dy
static void add_backward(Tensor *y) {
    Tensor *a = y->in[0], *b = y->in[1];
    for (size_t i = 0; i < y->size; i++) {
        if (a->grad) a->grad[i] += y->grad[i];
        if (b->grad) b->grad[i] += y->grad[i];
    }
}

Tensor *op_add(Tape *tape, Tensor *a, Tensor *b) {
    bool same = a->ndim == b->ndim && a->size == b->size;
    for (int i = 0; i < a->ndim && same; i++) same = a->shape[i] == b->shape[i];
    CHECK(same, "op_add: a is %s from \"%s\", b is %s from \"%s\"; want the same shape", shape_text(a), a->name, shape_text(b), b->name);
    Tensor *y = tape_tensor(tape, "op_add", a->ndim, a->shape, add_backward, (Tensor *[]){a, b, NULL});     // as a and b

    for (size_t i = 0; i < y->size; i++) y->data[i] = a->data[i] += b->data[i];
    return y;
}
