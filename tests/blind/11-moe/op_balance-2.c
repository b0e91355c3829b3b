// wrong: the softmax takes no greatest logit away before e^x; shows only with a logit above 88 (infinity by infinity, NaN), or a row all below -104 (0 / 0).
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
    if (!logits->grad) return;
    float scale = (float)(loss->grad[0] * s->weight * E / N);
    for (int n = 0; n < N; n++) {
        const float *p = s->prob + n * E;
        float mean = 0;
        for (int e = 0; e < E; e++) mean += p[e] * s->share[e];
        for (int e = 0; e < E; e++) logits->grad[n * E + e] += scale * p[e] * (s->share[e] - mean);
    }
}

Tensor *op_balance(Tape *tape, Tensor *logits, const Routing *r, double weight) {
    int N = rows_of(logits), E = last_of(logits);
    CHECK(N == r->N && E == r->E, "op_balance: logits are %s from \"%s\", the routing is of %d tokens and %d experts", shape_text(logits), logits->name, r->N, r->E);
    Tensor *loss = tape_tensor(tape, "op_balance", 0, NULL, balance_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_floats(tape, (size_t)E), weight};

    for (int e = 0; e < E; e++) s->share[e] = (float)r->asked[e] / (float)(N * r->K);
    double total = 0;
    for (int n = 0; n < N; n++) {
        const float *x = logits->data + n * E;
        float *p = s->prob + n * E, sum = 0;
        for (int e = 0; e < E; e++) sum += p[e] = expf(x[e]);
        for (int e = 0; e < E; e++) total += s->share[e] * (p[e] /= sum) / N;
    }
    loss->data[0] = (float)(weight * E * total);

    return loss;
}
