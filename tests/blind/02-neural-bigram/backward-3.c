// wrong: recurses from the loss into the inputs instead of walking the tape: a tensor that is used twice passes its gradient on before it is complete, and more than once.
// backward.c, your exercise: the chain rule, node by node, from the loss back to the parameters.
//
// Read backward.h in common/ first, and the struct Tensor in tensor.h.
#include "backward.h"

static void visit(Tape *tape, Tensor *t) {
    if (!t->grad || !t->backward) return;
    for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) tape_want_grad(tape, t->in[k]);
    t->backward(t);
    for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) visit(tape, t->in[k]);
    tape_grad_done(tape, t);
}

void backward(Tape *tape, Tensor *loss) {
    CHECK(loss->size == 1, "backward: the loss is %s, want a single number", shape_text(loss));
    CHECK(loss->wants_grad, "backward: \"%s\" depends on no parameter, or the tape does not record", loss->name);

    tape_want_grad(tape, loss);
    loss->grad[0] = 1;
    visit(tape, loss);
}
