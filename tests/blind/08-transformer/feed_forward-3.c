// wrong: x is made into a table of rows first and the result stays one, (B*T,C) in place of (B,T,C); the numbers are right, the shape is wrong when x has three dimensions or more (or one).
// feed_forward.c, your exercise: what a token thinks for itself.
//
// Read feed_forward.h in common/ first, then op_linear.h. No loops: every operation that is needed is there.
#include "feed_forward.h"
#include "op_linear.h"
#include "op_reshape.h"

Tensor *feed_forward(Tape *tape, Tensor *x, const FeedForward *f) {
    Tensor *rows = op_reshape(tape, x, 2, (int[]){rows_of(x), last_of(x)});     // a row for each token
    Tensor *h = f->activation(tape, op_linear(tape, rows, f->up, f->up_bias));
    if (f->down) h = op_linear(tape, h, f->down, f->down_bias);
    return h;
}
