// backward.c, your exercise: the chain rule, node by node, from the loss back to the parameters.
//
// Read backward.h in common/ first, and the struct Tensor in tensor.h.
#include "backward.h"

void backward(Tape *tape, Tensor *loss) {
    CHECK(loss->size == 1, "backward: the loss is %s, want a single number", shape_text(loss));
    CHECK(loss->wants_grad, "backward: \"%s\" depends on no parameter, or the tape does not record", loss->name);

    // tape->node[0 .. tape->count-1] are the tensors in the order in which they were made.
    // tape_want_grad(tape, t) makes room for t's gradient, all zeros, if it has none yet and wants one: call it for the loss, and
    // for every input of a tensor before you call that tensor's own backward function.
    // A tensor whose grad is still NULL when its turn comes has no part in the loss: leave it alone. So has one without
    // a backward function nothing to pass on.
    // tape_grad_done(tape, t) comes after t->backward(t): from there on t's gradient is needed no more.
    TODO("seed the loss's gradient, then call every tensor's backward function in the right order");
}
