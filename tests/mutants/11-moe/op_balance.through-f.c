// expect: the gradient goes through the wrong factor
#include "op_balance.h"

#include <math.h>

// What forward leaves for backward.
typedef struct {
    float *prob;            // (N,E) softmax of the logits
    float *share;           // (E) f, the share of the slots that chose each expert
    double weight;
} Saved;

// The shares are fixed:   d loss / d p_ne = weight E / N f_e, and through the softmax   dx_ne = weight E / N p_ne (f_e - sum over j of p_nj f_j)
static void balance_backward(Tensor *loss) {
    const Saved *s = loss->saved;
    Tensor *logits = loss->in[0];
    int N = rows_of(logits), E = last_of(logits);
    float scale = loss->grad[0] * (float)(s->weight * E / N);
    float moved[E];
    for (int e = 0; e < E; e++) {
        moved[e] = 0;
        for (int n = 0; n < N; n++) moved[e] += s->prob[n * E + e] / N;
    }
    for (int n = 0; n < N && logits->grad; n++) {
        const float *p = s->prob + n * E;
        float mean = 0;
        for (int e = 0; e < E; e++) mean += p[e] * moved[e];
        for (int e = 0; e < E; e++) logits->grad[n * E + e] += scale * p[e] * (moved[e] - mean);
    }
}

Tensor *op_balance(Tape *tape, Tensor *logits, const Routing *r, double weight) {
    int N = rows_of(logits), E = last_of(logits);
    CHECK(N == r->N && E == r->E, "op_balance: logits are %s from \"%s\", the routing is of %d tokens and %d experts", shape_text(logits), logits->name, r->N, r->E);
    Tensor *loss = tape_tensor(tape, "op_balance", 0, NULL, balance_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_floats(tape, (size_t)E), weight};

    double total = 0;
    for (int e = 0; e < E; e++) s->share[e] = (float)r->asked[e] / (float)(N * r->K);
    for (int n = 0; n < N; n++) {
        const float *x = logits->data + n * E;
        float *p = s->prob + n * E, most = -INFINITY, sum = 0;
        for (int e = 0; e < E; e++) most = fmaxf(most, x[e]);
        for (int e = 0; e < E; e++) sum += p[e] = expf(x[e] - most);
        for (int e = 0; e < E; e++) p[e] /= sum;
        for (int e = 0; e < E; e++) total += s->share[e] * p[e] / N;
    }
    loss->data[0] = (float)(weight * E * total);
    return loss;
}
