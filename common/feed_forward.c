// feed_forward.c, from lesson 08: what a token thinks for itself.
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *hidden = f->activation(tape, op_linear(tape, x, f->up, f->up_bias));        // (...,F)
    return f->down ? op_linear(tape, hidden, f->down, f->down_bias) : hidden;           // (...,C)
}
