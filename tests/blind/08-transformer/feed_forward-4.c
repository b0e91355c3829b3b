// wrong: without down the activation is applied a second time to what it has made already; with ReLU that changes nothing, with GELU or tanh it does.
// feed_forward.c, your exercise: what a token thinks for itself.
//
// Read feed_forward.h in common/ first, then op_linear.h. No loops: every operation that is needed is there.
#include "feed_forward.h"
#include "op_linear.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *h = op_linear(tape, x, f->up, f->up_bias);
    h = f->activation(tape, h);
    if (!f->down) return f->activation(tape, h);        // only the first half: it ends with the activation
    return op_linear(tape, h, f->down, f->down_bias);
}
