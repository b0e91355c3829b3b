// mixtral_plan.c, from lesson 11: what a Mixtral will take.
#include "mixtral_plan.h"

#include <stdlib.h>

// --- memory ---

// As moe_forward. N: tokens of a batch. *price: the node of what it costs besides, or -1.
static int count_experts(PlanTape *t, const MixtralShape *s, double N, int x, int *price) {
    double K = s->K, E = s->E, C = s->C, F = s->F;
    *price = -1;
    if (s->E == 1) {
        int y = plan_add(t, 2 * N * F, 0, x, -1);
        y = plan_add(t, N * F, 0, y, -1);
        return plan_add(t, N * C, 0, y, -1);
    }
    int logits = plan_add(t, N * E, 0, x, -1);
    if (s->noise > 0) logits = plan_add(t, N * E, N * E, logits, -1);
    int gate = plan_add(t, N * K, 4 * N * K + 2 * E + 1, logits, -1);      // choices, twice; places and slots; where experts begin
    if (s->balance > 0) *price = plan_add(t, 1, N * E + E, logits, -1);
    if (s->zloss > 0) {
        int large = plan_add(t, 1, N * E + 2 * N, logits, -1);
        *price = *price >= 0 ? plan_add(t, 1, 0, *price, large) : large;
    }
    int y = plan_add(t, N * K * C, 0, x, -1);
    y = plan_add(t, 2 * N * K * F, 0, y, -1);
    y = plan_add(t, N * K * F, 0, y, -1);
    y = plan_add(t, N * K * C, 0, y, -1);
    return plan_add(t, N * C, 0, y, gate);
}

// The same operations in the same order as mixtral_forward.
static void count(PlanTape *t, const MixtralShape *s, int batch, int threads) {
    double N = (double)batch * s->T, C = s->C, HS = C / s->NH, norm = N + N / 32 * C, attention = plan_attention_keeps(batch, s->T, s->NH, threads);
    int x = plan_dropout(t, N * C, s->dropout, plan_add(t, N * C, N, -1, -1)), prices = -1, price;
    for (int l = 0; l < s->L; l++) {
        int y = plan_add(t, N * C, norm, x, -1);
        y = plan_add(t, N * (s->NH + 2 * s->KV) * HS, 0, y, -1);
        y = plan_add(t, 3 * N * C, 0, y, -1);
        y = plan_add(t, 3 * N * C, s->T * HS, y, -1);
        y = plan_add(t, N * C, attention, y, -1);
        y = plan_dropout(t, N * C, s->dropout, plan_add(t, N * C, 0, y, -1));
        x = plan_add(t, N * C, 0, x, y);
        y = count_experts(t, s, N, plan_add(t, N * C, norm, x, -1), &price);
        if (price >= 0) prices = prices >= 0 ? plan_add(t, 1, 0, prices, price) : price;
        x = plan_add(t, N * C, 0, x, plan_dropout(t, N * C, s->dropout, y));
    }
    x = plan_add(t, N * C, norm, x, -1);
    x = plan_add(t, N * s->V, 0, x, -1);
    x = plan_add(t, 1, N * s->V + 3 * N, x, -1);
    if (prices >= 0) plan_add(t, 1, 0, x, prices);
}

// --- time ---

static Decoder build(const Plan *p, int L, int V) {
    Mixtral *m = xcalloc(1, sizeof *m);
    MixtralShape s = *(const MixtralShape *)p->shape;
    Rng rng;
    s.L = L;
    s.V = V;
    rng_seed(&rng, 1);
    mixtral_init(m, s);
    mixtral_randomise(m, &rng);
    return mixtral_decoder(m);
}

static void end(void *model) {
    mixtral_free(model);
    free(model);
}

// --- the plan ---

Plan mixtral_plan_of(const MixtralShape *s, int batch, int accumulate, int threads) {
    PlanTape tape = {.count = 0};
    Plan p = {.L = s->L, .V = s->V, .T = s->T, .C = s->C, .batch = batch, .accumulate = accumulate, .build = build, .end = end, .shape = s};
    double C = s->C, HS = C / s->NH, expert = 3 * C * s->F, router = s->E > 1 ? s->E * C : 0;
    double attention = (s->NH + 2 * s->KV) * HS * C + C * C, table = (double)s->V * C;
    snprintf(p.about, sizeof p.about, "%d layers, %d heads on %d keys, width %d, %d of %d experts of %d, %d places, %d tokens in the vocabulary",
             s->L, s->NH, s->KV, s->C, s->K, s->E, s->F, s->T, s->V);
    p.params = table + s->L * (attention + router + s->E * expert + 2 * C) + C;
    p.used = p.params - s->L * (s->E - s->K) * expert;
    p.cache = 8.0 * s->L * s->T * s->KV * HS;
    p.flops = 6 * (table + s->L * (attention + router + s->K * expert)) + 6 * s->L * C * (s->T + 1);     // as for a GPT: only the experts that are used
    count(&tape, s, batch, threads);
    plan_count(&p, &tape);
    return p;
}
