// backward.c, from lesson 02: the chain rule, node by node, from the loss back to the parameters.
#include "backward.h"

// The tape holds every tensor after its inputs. Walked backwards, a tensor comes up only after all that was made from it,
// so its gradient is complete when it is passed on.
void backward(Tape *tape, Tensor *loss) {
    CHECK(loss->size == 1, "backward: the loss is %s, want a single number", shape_text(loss));
    CHECK(loss->wants_grad, "backward: \"%s\" depends on no parameter, or the tape does not record", loss->name);
    tape_want_grad(tape, loss);
    loss->grad[0] = 1;                          // d loss / d loss
    for (int i = tape->count - 1; i >= 0; i--) {
        Tensor *t = tape->node[i];
        if (!t->grad || !t->backward) continue; // the loss was not made from it
        for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) tape_want_grad(tape, t->in[k]);
        if (tape->watch) tape->watch(tape->watcher, t, true);
        t->backward(t);
        tape_grad_done(tape, t);
    }
}
