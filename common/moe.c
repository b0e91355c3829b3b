// moe.c, from lesson 11: a feed-forward net of many experts, of which each token uses a few.
#include "moe.h"
#include "op_balance.h"
#include "op_combine.h"
#include "op_dispatch.h"
#include "op_experts.h"
#include "op_linear.h"
#include "op_reshape.h"
#include "op_route.h"
#include "op_swiglu.h"

#include <stdlib.h>
#include <string.h>

// --- parameters ---

static Tensor *add(Params *p, const char *prefix, const char *what, int ndim, const int *shape) {
    char name[64];
    snprintf(name, sizeof name, "%s.%s", prefix, what);
    return params_add(p, name, ndim, shape);
}

void moe_add(Moe *m, Params *p, MoeShape s, const char *prefix) {
    bool one = s.E == 1;        // its matrices are like any other net's
    int up[] = {s.E, 2 * s.F, s.C}, down[] = {s.E, s.C, s.F};
    *m = (Moe){.shape = s, .trained.asked = xcalloc((size_t)s.E, sizeof(long)), .measured.asked = xcalloc((size_t)s.E, sizeof(long))};
    if (!one) m->router = add(p, prefix, "router", 2, (int[]){s.E, s.C});
    m->up = add(p, prefix, "up", one ? 2 : 3, one ? up + 1 : up);
    m->down = add(p, prefix, "down", one ? 2 : 3, one ? down + 1 : down);
}

void moe_free(Moe *m) {
    free(m->trained.asked);
    free(m->measured.asked);
}

void moe_clear(MoeCount *c, int E) {
    memset(c->asked, 0, (size_t)E * sizeof *c->asked);
    c->slots = c->dropped = 0;
}

// --- forward ---

static void count(MoeCount *c, const Routing *r) {
    for (int e = 0; e < r->E; e++) c->asked[e] += r->asked[e];
    c->slots += (long)r->N * r->K;
    c->dropped += (long)r->N * r->K - r->start[r->E];
}

Tensor *moe_forward(Tape *tape, Tensor *x, Moe *m, bool training, Tensor **price) {
    MoeShape s = m->shape;
    int N = rows_of(x);
    *price = NULL;
    if (s.E == 1) return op_linear(tape, op_swiglu(tape, op_linear(tape, x, m->up, NULL)), m->down, NULL);

    Tensor *logits = op_linear(tape, x, m->router, NULL);                           // (B,T,E)
    int *choice = arena_alloc(&tape->arena, (size_t)N * (size_t)s.K * sizeof *choice);
    Tensor *gate = op_route(tape, logits, s.K, NULL, choice);                       // (B,T,K)
    Routing *r = arena_alloc(&tape->arena, sizeof *r);
    *r = routing_of(tape, choice, N, s.K, s.E, training ? routing_capacity(N, s.K, s.E, s.capacity) : 0);
    count(training ? &m->trained : &m->measured, r);
    if (training && s.balance > 0) *price = op_balance(tape, logits, r, s.balance);

    Tensor *rows = op_dispatch(tape, x, r);                                         // (N*K,C)
    Tensor *hidden = op_swiglu(tape, op_experts(tape, rows, m->up, r));             // (N*K,F)
    return op_combine(tape, op_experts(tape, hidden, m->down, r), gate, r);         // (B,T,C)
}
