// wrong: before e^x the logit of the first of the chosen is taken away, as the greatest; shows only where a favour puts one first whose logit is smaller by more than 88: logits 0 100, favour 200 0, K = 2: gates 0 and NaN, where 0 and 1 are right.
// op_route.c, your exercise: each token picks a few experts.
//
// Read op_route.h in common/ first.
#include "op_route.h"

#include <math.h>
#include <string.h>

// From gate->grad, (N,K), to the logits' gradient, (N,E): added (+=) at the chosen ones, and skipped where it is NULL.
static void route_backward(Tensor *gate) {
    Tensor *logits = gate->in[0];
    const int *choice = gate->saved;    // (N,K)
    int N = rows_of(gate), K = last_of(gate), E = last_of(logits);
    if (!logits->grad) return;
    for (int n = 0; n < N; n++) {
        const float *g = gate->data + n * K, *dg = gate->grad + n * K;
        float sum = 0;
        for (int k = 0; k < K; k++) sum += g[k] * dg[k];
        for (int k = 0; k < K; k++) logits->grad[n * E + choice[n * K + k]] += g[k] * (dg[k] - sum);
    }
}

Tensor *op_route(Tape *tape, Tensor *logits, int K, const float *favour, int *choice) {
    int N = rows_of(logits), E = last_of(logits), shape[TENSOR_DIMS];
    CHECK(K >= 1 && K <= E, "op_route: logits are %s from \"%s\"; cannot choose %d", shape_text(logits), logits->name, K);
    memcpy(shape, logits->shape, sizeof shape);
    shape[logits->ndim - 1] = K;
    Tensor *gate = tape_tensor(tape, "op_route", logits->ndim, shape, route_backward, (Tensor *[]){logits, NULL});     // (...,K)

    for (int n = 0; n < N; n++) {
        const float *x = logits->data + n * E;
        float *g = gate->data + n * K;
        int *c = choice + n * K;
        for (int k = 0; k < K; k++) {
            int best = -1;
            for (int e = 0; e < E; e++) {
                bool taken = false;
                for (int j = 0; j < k; j++) taken = taken || c[j] == e;
                if (taken) continue;
                if (best < 0 || x[e] + (favour ? favour[e] : 0) > x[best] + (favour ? favour[best] : 0)) best = e;
            }
            c[k] = best;
        }
        const float most = x[c[0]];
        float sum = 0;
        for (int k = 0; k < K; k++) sum += g[k] = expf(x[c[k]] - most);
        for (int k = 0; k < K; k++) g[k] /= sum;
    }

    gate->saved = tape_copy_ints(tape, choice, (size_t)N * (size_t)K);
    return gate;
}
