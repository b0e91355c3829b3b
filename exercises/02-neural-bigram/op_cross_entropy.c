// op_cross_entropy.c, your exercise: the loss that a language model is trained on.
//
// Read op_cross_entropy.h in common/ first.
#include "op_cross_entropy.h"

#include <math.h>

typedef struct {
    float *prob;            // (N,V) softmax of the logits: forward leaves it here for backward
    const int *target;      // (N)
    int ignore, counted;    // the target that does not count, and how many rows do
} Saved;

static void cross_entropy_backward(Tensor *loss) {
    Tensor *x = loss->in[0];
    if (!x->grad) return;
    Saved *s = loss->saved;
    int N = rows_of(x), V = last_of(x);
    (void)s;
    (void)N;
    (void)V;
    TODO("add d loss / d logits to x->grad, times what comes in: loss->grad[0]");
}

Tensor *op_cross_entropy(Tape *tape, Tensor *logits, const int *target, int ignore_index) {
    int N = rows_of(logits), V = last_of(logits);
    Tensor *loss = tape_tensor(tape, "op_cross_entropy", 0, NULL, cross_entropy_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_copy_ints(tape, target, (size_t)N), ignore_index, 0};

    (void)V;
    TODO("loss->data[0]: the mean of -ln softmax(logits[n])[target[n]] over the rows that count");

    return loss;
}
