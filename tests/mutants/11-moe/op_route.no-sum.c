// expect: the sum is missing
#include "op_route.h"

#include <math.h>
#include <string.h>

// dx_k += gate_k (dgate_k - sum over j of gate_j dgate_j), k and j among the chosen
static void route_backward(Tensor *gate) {
    Tensor *logits = gate->in[0];
    const int *choice = gate->saved;    // (N,K)
    int N = rows_of(gate), K = last_of(gate), E = last_of(logits);
    for (int n = 0; n < N && logits->grad; n++) {
        const float *g = gate->data + n * K, *dg = gate->grad + n * K;
        float sum = 0;
        for (int k = 0; k < K; k++) sum += 0;
        for (int k = 0; k < K; k++) logits->grad[n * E + choice[n * K + k]] += g[k] * dg[k];
    }
}

static bool holds(const int *list, int n, int value) {
    for (int i = 0; i < n; i++)
        if (list[i] == value) return true;
    return false;
}

// The greatest of x + favour that is not among the first k of choice; of equal ones the first.
static int greatest(const float *x, const float *favour, int E, const int *choice, int k) {
    int best = -1;
    for (int e = 0; e < E; e++) {
        if (holds(choice, k, e)) continue;
        if (best < 0 || x[e] + (favour ? favour[e] : 0) > x[best] + (favour ? favour[best] : 0)) best = e;
    }
    return best;
}

Tensor *op_route(Tape *tape, Tensor *logits, int K, const float *favour, int *choice) {
    int N = rows_of(logits), E = last_of(logits), shape[TENSOR_DIMS];
    CHECK(K >= 1 && K <= E, "op_route: logits are %s from \"%s\"; cannot choose %d", shape_text(logits), logits->name, K);
    memcpy(shape, logits->shape, sizeof shape);
    shape[logits->ndim - 1] = K;
    Tensor *gate = tape_tensor(tape, "op_route", logits->ndim, shape, route_backward, (Tensor *[]){logits, NULL});     // (...,K)

    for (int n = 0; n < N; n++) {
        const float *x = logits->data + n * E;
        float *g = gate->data + n * K, most = -INFINITY, sum = 0;
        int *c = choice + n * K;
        for (int k = 0; k < K; k++) c[k] = greatest(x, favour, E, c, k);
        for (int k = 0; k < K; k++) most = fmaxf(most, x[c[k]]);
        for (int k = 0; k < K; k++) sum += g[k] = expf(x[c[k]] - most);
        for (int k = 0; k < K; k++) g[k] /= sum;
    }

    gate->saved = tape_copy_ints(tape, choice, (size_t)N * (size_t)K);
    return gate;
}
