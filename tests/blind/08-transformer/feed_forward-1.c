// wrong: it always bends with ReLU in place of f->activation; it shows with any other activation, such as GELU.
// feed_forward.c, your exercise: what a token thinks for itself.
//
// Read feed_forward.h in common/ first, then op_linear.h. No loops: every operation that is needed is there.
#include "feed_forward.h"
#include "op_linear.h"
#include "op_relu.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *h = op_relu(tape, op_linear(tape, x, f->up, f->up_bias));
    return f->down ? op_linear(tape, h, f->down, f->down_bias) : h;
}
