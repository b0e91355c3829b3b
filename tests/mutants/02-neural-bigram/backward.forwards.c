// expect: the tape seems to be walked from front to back
#include "backward.h"

void backward(Tape *tape, Tensor *loss) {
    CHECK(loss->size == 1, "backward: the loss is %s, want a single number", shape_text(loss));
    CHECK(loss->wants_grad, "backward: \"%s\" depends on no parameter, or the tape does not record", loss->name);
    tape_want_grad(tape, loss);
    loss->grad[0] = 1;
    for (int i = 0; i < tape->count; i++) {
        Tensor *t = tape->node[i];
        if (t->backward == NULL) continue;
        tape_want_grad(tape, t);
        for (int k = 0; k < TENSOR_INPUTS && t->in[k] != NULL; k++) tape_want_grad(tape, t->in[k]);
        t->backward(t);
        tape_grad_done(tape, t);
    }
}
