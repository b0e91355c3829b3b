// expect: f->down may be NULL
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *y = op_linear(tape, x, f->up, f->up_bias);          // (...,F)
    y = f->activation(tape, y);
    y = op_linear(tape, y, f->down, f->down_bias); // (...,C)
    return y;
}
