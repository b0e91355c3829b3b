// expect: the second bias is left out
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *y = op_linear(tape, x, f->up, f->up_bias);          // (...,F)
    y = f->activation(tape, y);
    if (f->down) y = op_linear(tape, y, f->down, NULL); // (...,C)
    return y;
}
