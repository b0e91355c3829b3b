// wrong: the loop ends before node 0, taking it for the input text; an operation on parameters that stands first on the tape passes nothing on.
// backward.c, your exercise: the chain rule, node by node, from the loss back to the parameters.
//
// Read backward.h in common/ first, and the struct Tensor in tensor.h.
#include "backward.h"

void backward(Tape *tape, Tensor *loss) {
    CHECK(loss->size == 1, "backward: the loss is %s, want a single number", shape_text(loss));
    CHECK(loss->wants_grad, "backward: \"%s\" depends on no parameter, or the tape does not record", loss->name);

    tape_want_grad(tape, loss);
    loss->grad[0] = 1;
    for (int i = tape->count - 1; i > 0; i--) {     // node 0 is what came from outside
        Tensor *t = tape->node[i];
        if (!t->grad || !t->backward) continue;
        for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) tape_want_grad(tape, t->in[k]);
        t->backward(t);
        tape_grad_done(tape, t);
    }
}
