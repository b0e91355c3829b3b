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
    (void)choice;
    (void)N;
    (void)K;
    (void)E;
    TODO("add to logits->grad what the gates want of the logits that were chosen: lesson 02's softmax, backward");
}

Tensor *op_route(Tape *tape, Tensor *logits, int K, const float *favour, int *choice) {
    int N = rows_of(logits), E = last_of(logits), shape[TENSOR_DIMS];
    CHECK(K >= 1 && K <= E, "op_route: logits are %s from \"%s\"; cannot choose %d", shape_text(logits), logits->name, K);
    memcpy(shape, logits->shape, sizeof shape);
    shape[logits->ndim - 1] = K;
    Tensor *gate = tape_tensor(tape, "op_route", logits->ndim, shape, route_backward, (Tensor *[]){logits, NULL});     // (...,K)

    (void)N;
    (void)favour;
    TODO("for every row n: the K experts, choice[n*K] .. choice[n*K+K-1], and the softmax of their logits");

    gate->saved = tape_copy_ints(tape, choice, (size_t)N * (size_t)K);
    return gate;
}
