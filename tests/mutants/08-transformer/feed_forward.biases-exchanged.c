// expect: the biases are exchanged
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *y = op_linear(tape, x, f->up, f->down_bias);          // (...,F)
    y = f->activation(tape, y);
    if (f->down) y = op_linear(tape, y, f->down, f->up_bias); // (...,C)
    return y;
}
