// wrong: the second matrix is left out when it is there but has no bias (down_bias NULL), because both are asked for.
// feed_forward.c, your exercise: what a token thinks for itself.
//
// Read feed_forward.h in common/ first, then op_linear.h. No loops: every operation that is needed is there.
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *h = f->activation(tape, op_linear(tape, x, f->up, f->up_bias));
    if (f->down && f->down_bias) h = op_linear(tape, h, f->down, f->down_bias);
    return h;
}
