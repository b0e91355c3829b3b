// gpt_plan.c, from lesson 09: what a GPT will take.
#include "gpt_plan.h"

#include <stdlib.h>

// --- memory ---

// The same operations in the same order as gpt_forward and block_forward. N: tokens of a batch.
static void count(PlanTape *t, const GptShape *s, int batch, int threads) {
    double N = (double)batch * s->T, C = s->C, norm = 2 * N + N / 16 * C, attention = plan_attention_keeps(batch, s->T, s->NH, threads);
    int x = plan_add(t, N * C, N, -1, -1);
    x = plan_dropout(t, N * C, s->dropout, plan_add(t, N * C, 0, x, -1));
    for (int l = 0; l < s->L; l++) {
        int y = plan_add(t, N * C, norm, x, -1);
        y = plan_add(t, 3 * N * C, 0, y, -1);
        y = plan_add(t, N * C, attention, y, -1);
        y = plan_dropout(t, N * C, s->dropout, plan_add(t, N * C, 0, y, -1));
        x = plan_add(t, N * C, 0, x, y);
        y = plan_add(t, N * C, norm, x, -1);
        y = plan_add(t, 4 * N * C, 0, y, -1);
        y = plan_add(t, 4 * N * C, 0, y, -1);
        y = plan_dropout(t, N * C, s->dropout, plan_add(t, N * C, 0, y, -1));
        x = plan_add(t, N * C, 0, x, y);
    }
    x = plan_add(t, N * C, norm, x, -1);
    x = plan_add(t, N * s->V, 0, x, -1);
    plan_add(t, 1, N * s->V + 3 * N, x, -1);
}

// --- time ---

static Decoder build(const Plan *p, int L, int V) {
    Gpt *g = xcalloc(1, sizeof *g);
    GptShape s = *(const GptShape *)p->shape;
    Rng rng;
    s.L = L;
    s.V = V;
    rng_seed(&rng, 1);
    gpt_init(g, s);
    gpt_randomise(g, &rng);
    return gpt_decoder(g);
}

static void end(void *model) {
    gpt_free(model);
    free(model);
}

// --- the plan ---

Plan gpt_plan_of(const GptShape *s, int batch, int accumulate, int threads) {
    PlanTape tape = {.count = 0};
    Plan p = {.L = s->L, .V = s->V, .T = s->T, .C = s->C, .batch = batch, .accumulate = accumulate, .build = build, .end = end, .shape = s};
    double C = s->C, vectors = (s->bias ? 13 : 2) * C, table = (double)s->V * C, matrices = s->L * 12 * C * C;
    snprintf(p.about, sizeof p.about, "%d layers, %d heads, width %d, %d places, %d tokens in the vocabulary", s->L, s->NH, s->C, s->T, s->V);
    p.params = table + s->T * C + matrices + s->L * vectors + (s->bias ? 2 : 1) * C + (s->untied ? table : 0);
    p.used = p.params;
    p.cache = 8.0 * s->L * s->T * C;          // a key and a value, of C floats each
    p.flops = 6 * (matrices + table) + 6 * s->L * C * (s->T + 1);     // 2 a weight forward, 4 back; attention: 2 products of T/2 places on average, and 4 back
    count(&tape, s, batch, threads);
    plan_count(&p, &tape);
    return p;
}
