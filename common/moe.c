// moe.c, from lesson 11: a feed-forward net of many experts, of which each token uses a few.
#include "moe.h"
#include "block.h"
#include "op_add.h"
#include "op_balance.h"
#include "op_combine.h"
#include "op_dispatch.h"
#include "op_experts.h"
#include "op_linear.h"
#include "op_reshape.h"
#include "op_route.h"
#include "op_swiglu.h"
#include "op_zloss.h"

#include <stdlib.h>
#include <string.h>

// --- parameters ---

void moe_add(Moe *m, Params *p, MoeShape s, int layer) {
    bool one = s.E == 1;        // its matrices are like any other net's
    int up[] = {s.E, 2 * s.F, s.C}, down[] = {s.E, s.C, s.F};
    *m = (Moe){.shape = s, .trained.asked = xcalloc((size_t)s.E, sizeof(long)), .measured.asked = xcalloc((size_t)s.E, sizeof(long))};
    if (!one) {
        char name[64];
        snprintf(name, sizeof name, "blocks.%d.experts.favour", layer);
        m->router = block_param(p, layer, "experts.router", 2, (int[]){s.E, s.C});
        m->favour = params_add_buffer(p, name, 1, &s.E);
    }
    m->up = block_param(p, layer, "experts.up", one ? 2 : 3, one ? up + 1 : up);
    m->down = block_param(p, layer, "experts.down", one ? 2 : 3, one ? down + 1 : down);
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

// The router's logits, in training with noise.
static Tensor *route_logits(Tape *tape, Tensor *x, const Moe *m, Rng *rng, bool training) {
    Tensor *logits = op_linear(tape, x, m->router, NULL);                           // (B,T,E)
    if (!training || m->shape.noise <= 0) return logits;
    Tensor *noise = tape_tensor(tape, "noise", logits->ndim, logits->shape, NULL, NULL);
    rng_normal(rng, noise->data, noise->size);
    for (size_t i = 0; i < noise->size; i++) noise->data[i] *= (float)m->shape.noise;
    return op_add(tape, logits, noise);
}

static Tensor *price_of(Tape *tape, Tensor *logits, const Routing *r, MoeShape s) {
    Tensor *balance = s.balance > 0 ? op_balance(tape, logits, r, s.balance) : NULL;
    Tensor *large = s.zloss > 0 ? op_zloss(tape, logits, s.zloss) : NULL;
    return balance && large ? op_add(tape, balance, large) : balance ? balance : large;
}

// Who was asked too often is favoured less from the next batch on, and who was asked too little, more.
static void move_favours(Moe *m, const Routing *r) {
    for (int e = 0; e < r->E; e++) {
        long away = (long)r->N * r->K - (long)r->E * r->asked[e];       // of the fair share, times E
        m->favour->data[e] += (float)(away > 0 ? m->shape.favour : away < 0 ? -m->shape.favour : 0);
    }
}

Tensor *moe_forward(Tape *tape, Tensor *x, Moe *m, Rng *rng, bool training, Tensor **price) {
    MoeShape s = m->shape;
    int N = rows_of(x);
    *price = NULL;
    if (s.E == 1) return op_linear(tape, op_swiglu(tape, op_linear(tape, x, m->up, NULL)), m->down, NULL);

    Tensor *logits = route_logits(tape, x, m, rng, training);                       // (B,T,E)
    int *choice = arena_alloc(&tape->arena, (size_t)N * (size_t)s.K * sizeof *choice);
    Tensor *gate = op_route(tape, logits, s.K, m->favour->data, choice);                       // (B,T,K)
    Routing *r = arena_alloc(&tape->arena, sizeof *r);
    *r = routing_of(tape, choice, N, s.K, s.E, training ? routing_capacity(N, s.K, s.E, s.capacity) : 0);
    count(training ? &m->trained : &m->measured, r);
    if (training) {
        *price = price_of(tape, logits, r, s);
        move_favours(m, r);
    }

    Tensor *rows = op_dispatch(tape, x, r);                                         // (N*K,C)
    Tensor *hidden = op_swiglu(tape, op_experts(tape, rows, m->up, r));             // (N*K,F)
    return op_combine(tape, op_experts(tape, hidden, m->down, r), gate, r);         // (B,T,C)
}
