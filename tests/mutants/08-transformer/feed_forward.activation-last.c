// expect: the activation comes after the second matrix: 
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *y = op_linear(tape, x, f->up, f->up_bias);          // (...,F)
    if (f->down) y = op_linear(tape, y, f->down, f->down_bias); // (...,C)
    return f->activation(tape, y);
}
