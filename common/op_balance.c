// op_balance.c, from lesson 11: a price for sending everybody to the same expert.
#include "op_balance.h"
#include "softmax_rows.h"

// What forward leaves for backward.
typedef struct {
    float *prob;            // (N,E) softmax of the logits
    float *share;           // (E) f
    double scale;           // weight * E / N
} Saved;

// d loss / d P_ne = scale f_e, and through the softmax:   dx_ne = scale p_ne (f_e - sum over j of p_nj f_j)
static void balance_backward(Tensor *loss) {
    const Saved *s = loss->saved;
    Tensor *x = loss->in[0];
    int E = last_of(x);
    float scale = loss->grad[0] * (float)s->scale;
    for (int n = 0; x->grad && n < rows_of(x); n++) {
        const float *p = s->prob + (size_t)n * (size_t)E;
        float *dx = x->grad + (size_t)n * (size_t)E, mean = 0;
        for (int e = 0; e < E; e++) mean += p[e] * s->share[e];
        for (int e = 0; e < E; e++) dx[e] += scale * p[e] * (s->share[e] - mean);
    }
}

Tensor *op_balance(Tape *tape, Tensor *logits, const Routing *r, double weight) {
    int N = rows_of(logits), E = last_of(logits);
    CHECK(N == r->N && E == r->E, "op_balance: logits are %s from \"%s\", the routing is of %d tokens and %d experts", shape_text(logits), logits->name, r->N, r->E);
    Tensor *loss = tape_tensor(tape, "op_balance", 0, NULL, balance_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_floats(tape, (size_t)E), weight * E / N};
    double sum = 0;
    softmax_rows(logits->data, N, E, s->prob, NULL);
    for (int e = 0; e < E; e++) s->share[e] = (float)r->asked[e] / (float)(N * r->K);
    for (int n = 0; n < N; n++)
        for (int e = 0; e < E; e++) sum += (double)s->share[e] * s->prob[(size_t)n * (size_t)E + (size_t)e];
    loss->data[0] = (float)(s->scale * sum);
    return loss;
}
