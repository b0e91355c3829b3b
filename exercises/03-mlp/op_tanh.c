// op_tanh.c, your exercise: the bend without which layers of matrices would be one matrix.
//
// Read op_tanh.h in common/ first.
#include "op_tanh.h"

#include <math.h>

// From y->grad to x->grad; y->data still holds tanh(x).
static void tanh_backward(Tensor *y) {
    Tensor *x = y->in[0];
    if (!x->grad) return;
    TODO("add to x->grad what y->grad says, times the slope of tanh at each number");
}

Tensor *op_tanh(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "op_tanh", x->ndim, x->shape, tanh_backward, (Tensor *[]){x, NULL});   // as x

    TODO("every number of y: tanh of x's; y->size says how many there are");

    return y;
}
