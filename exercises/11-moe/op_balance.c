// op_balance.c, your exercise: a price for sending everybody to the same expert.
//
// Read op_balance.h and routing.h in common/ first.
#include "op_balance.h"

#include <math.h>

// What forward leaves for backward.
typedef struct {
    float *prob;            // (N,E) softmax of the logits
    float *share;           // (E) f, the share of the slots that chose each expert
    double weight;
} Saved;

// From loss->grad, one number, to the logits' gradient, (N,E): added (+=), and skipped where it is NULL.
static void balance_backward(Tensor *loss) {
    const Saved *s = loss->saved;
    Tensor *logits = loss->in[0];
    int N = rows_of(logits), E = last_of(logits);
    (void)s;
    (void)N;
    (void)E;
    TODO("add to logits->grad: the shares are fixed, the probabilities move");
}

Tensor *op_balance(Tape *tape, Tensor *logits, const Routing *r, double weight) {
    int N = rows_of(logits), E = last_of(logits);
    CHECK(N == r->N && E == r->E, "op_balance: logits are %s from \"%s\", the routing is of %d tokens and %d experts", shape_text(logits), logits->name, r->N, r->E);
    Tensor *loss = tape_tensor(tape, "op_balance", 0, NULL, balance_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_floats(tape, (size_t)E), weight};

    TODO("s->prob, s->share, and from them loss->data[0]");

    return loss;
}
