// op_route.c, from lesson 11: each token picks a few experts.
#include "op_route.h"

#include <math.h>
#include <string.h>

// Softmax, as in lesson 02, but of the chosen ones only:   dx_k = gate_k (dgate_k - sum over j of gate_j dgate_j)
static void route_backward(Tensor *gate) {
    Tensor *x = gate->in[0];
    const int *choice = gate->saved;
    int N = rows_of(gate), K = last_of(gate), E = last_of(x);
    if (!x->grad) return;
    for (int n = 0; n < N; n++, choice += K) {
        const float *g = gate->data + (size_t)n * (size_t)K, *dg = gate->grad + (size_t)n * (size_t)K;
        float *dx = x->grad + (size_t)n * (size_t)E, mean = 0;
        for (int k = 0; k < K; k++) mean += g[k] * dg[k];
        for (int k = 0; k < K; k++) dx[choice[k]] += g[k] * (dg[k] - mean);
    }
}

// The K greatest of x + favour: the greatest, then the greatest of the others, and so on.
static void choose(const float *x, const float *favour, int E, int K, int *choice) {
    for (int k = 0; k < K; k++) {
        float most = 0;
        choice[k] = -1;
        for (int e = 0; e < E; e++) {
            bool taken = false;
            float value = x[e] + (favour ? favour[e] : 0);
            for (int j = 0; j < k; j++) taken = taken || choice[j] == e;
            if (taken || (choice[k] >= 0 && !(value > most))) continue;
            choice[k] = e;
            most = value;
        }
    }
}

Tensor *op_route(Tape *tape, Tensor *logits, int K, const float *favour, int *choice) {
    int N = rows_of(logits), E = last_of(logits), shape[TENSOR_DIMS];
    CHECK(K >= 1 && K <= E, "op_route: logits are %s from \"%s\"; cannot choose %d", shape_text(logits), logits->name, K);
    memcpy(shape, logits->shape, sizeof shape);
    shape[logits->ndim - 1] = K;
    Tensor *gate = tape_tensor(tape, "op_route", logits->ndim, shape, route_backward, (Tensor *[]){logits, NULL});     // (...,K)
    for (int n = 0; n < N; n++) {
        const float *x = logits->data + (size_t)n * (size_t)E;
        float *g = gate->data + (size_t)n * (size_t)K, most = -INFINITY, sum = 0;
        int *c = choice + (size_t)n * (size_t)K;
        choose(x, favour, E, K, c);
        for (int k = 0; k < K; k++) most = fmaxf(most, x[c[k]]);
        for (int k = 0; k < K; k++) sum += g[k] = expf(x[c[k]] - most);
        for (int k = 0; k < K; k++) g[k] /= sum;
    }
    gate->saved = tape_copy_ints(tape, choice, (size_t)N * (size_t)K);
    return gate;
}
