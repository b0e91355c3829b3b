// expect: the activation is always ReLU
#include "feed_forward.h"
#include "op_linear.h"
#include "op_relu.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *y = op_linear(tape, x, f->up, f->up_bias);          // (...,F)
    y = op_relu(tape, y);
    if (f->down) y = op_linear(tape, y, f->down, f->down_bias); // (...,C)
    return y;
}
