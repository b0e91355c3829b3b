// plan.c, from lesson 09: what a model will take, before anything is allocated.
#include "plan.h"
#include "backward.h"
#include "clip.h"
#include "decay_groups.h"
#include "gemm.h"
#include "machine.h"
#include "op_cross_entropy.h"

#include <math.h>
#include <stdlib.h>

// --- memory: a tape that only counts ---

enum { SIZES = 16 };

int plan_add(PlanTape *t, double size, double kept, int a, int b) {
    CHECK(t->count < PLAN_NODES, "plan_add: more than %d tensors", PLAN_NODES);
    t->node[t->count] = (PlanNode){size, {a, b}};
    t->floats += size + kept;
    return t->count++;
}

int plan_dropout(PlanTape *t, double size, double dropout, int x) { return dropout > 0 ? plan_add(t, size, size, x, -1) : x; }

double plan_attention_keeps(int B, int T, int NH, int threads) {
    double T16 = (T + 15) / 16 * 16, N = (double)B * T;
    return N * NH + threads * 64.0 * T16 + (T <= 128 ? N * NH * T16 : 0);
}

// Walks back as backward.c does, with memory that is used again by size, as tape_grad_done leaves it.
static double count_gradients(const PlanTape *c) {
    bool has[PLAN_NODES] = {false};
    double size[SIZES] = {0}, floats = 0;
    int spare[SIZES] = {0}, sizes = 0;
    has[c->count - 1] = true;
    for (int i = c->count - 1; i >= 0; i--) {
        for (int k = 0; k < 2; k++) {
            int in = c->node[i].in[k], z = 0;
            if (in < 0 || has[in]) continue;
            has[in] = true;
            while (z < sizes && size[z] != c->node[in].size) z++;
            if (z == sizes) size[sizes++] = c->node[in].size;
            if (spare[z] > 0) spare[z]--;
            else floats += size[z];
        }
        for (int z = 0; z < sizes; z++) spare[z] += size[z] == c->node[i].size;
    }
    return floats;
}

void plan_count(Plan *p, const PlanTape *t) {
    p->weights = p->gradients = 4 * p->params;
    p->optimizer = 8 * p->params;
    p->activations = 4 * t->floats;
    p->their_gradients = 4 * count_gradients(t);
}

// --- time: a step of models that differ from this one in one thing only ---

// Seconds of a step with L layers and V tokens: the fastest of some, after one that only takes the memory.
static double step_seconds(const Plan *p, int L, int V, double least) {
    Decoder net = p->build(p, L, V);
    Tape tape = tape_new(true);
    Rng rng;
    int N = p->batch * p->T, *id = xcalloc((size_t)N, sizeof *id);
    rng_seed(&rng, 1);
    for (int i = 0; i < N; i++) id[i] = (int)rng_below(&rng, (uint32_t)V);
    DecayGroups d = decay_groups_new(net.params, net.matrices, 0.1, 0.99);
    double best = INFINITY, until = seconds_now() + least;
    tape.recycle = true;
    for (int round = 0; round < 4 || seconds_now() < until; round++) {
        double start = seconds_now();
        tape_reset(&tape);
        params_zero_grad(net.params);
        Tensor *x = net.forward(net.self, &tape, id, p->batch, p->T, NULL, &rng, true);
        backward(&tape, op_cross_entropy(&tape, net.logits(net.self, &tape, x), id, NO_IGNORE));
        clip(net.params, 1);
        decay_groups_step(&d, 1e-4);
        if (round > 0) best = fmin(best, seconds_now() - start);
    }
    decay_groups_free(&d);
    p->end(net.self);
    tape_free(&tape);
    free(id);
    return best;
}

static double product_flops(int N, int C) {
    float *a = xcalloc((size_t)N * (size_t)C, sizeof *a), *b = xcalloc(4 * (size_t)C * (size_t)C, sizeof *b), *c = xcalloc(4 * (size_t)N * (size_t)C, sizeof *c);
    double best = INFINITY;
    for (int round = 0; round < 6; round++) {
        double start = seconds_now();
        gemm('N', 'T', N, 4 * C, C, a, C, b, C, 0, c, 4 * C);
        best = fmin(best, seconds_now() - start);
    }
    free(a);
    free(b);
    free(c);
    return 2.0 * N * 4 * C * C / best;
}

// One layer more costs what a layer costs; so many tokens more cost what their rows of the head and of the optimizer cost.
void plan_measure(Plan *p) {
    enum { FEW = 1024 };
    int V = min_int(p->V, FEW);
    p->seconds = NAN;
    if (plan_bytes(p) > machine_memory()) return;
    p->product_rate = product_flops(p->batch * p->T, p->C);
    double first = step_seconds(p, 1, V, 0.3), layer = fmax(0, step_seconds(p, 2, V, 0.3) - first), batch = first + (p->L - 1) * layer;
    if (p->V > FEW) batch += (step_seconds(p, 1, 2 * FEW, 0.3) - first) * (p->V - FEW) / FEW;
    double again = step_seconds(p, 1, V, 0.1);
    p->busy = fmax(first, again) > 1.3 * fmin(first, again);
    p->seconds = batch * p->accumulate;
}

// --- the plan ---

double plan_bytes(const Plan *p) { return p->weights + p->gradients + p->optimizer + p->activations + p->their_gradients + p->other; }

static void print_bytes(const char *what, double bytes) { printf("%-34s %10.1f MB\n", what, bytes / 1e6); }

void plan_print(const Plan *p) {
    double tokens = (double)p->batch * p->accumulate * p->T;
    puts(p->about);
    printf("%-34s %10.0f\n", "parameters", p->params);
    if (p->used < p->params) printf("%-34s %10.0f\n", "parameters that a token uses", p->used);
    print_bytes("weights", p->weights);
    print_bytes("their gradients", p->gradients);
    print_bytes("optimizer (two averages each)", p->optimizer);
    print_bytes("values of one batch", p->activations);
    print_bytes("their gradients", p->their_gradients);
    print_bytes("the program, its libraries, a text", p->other);
    print_bytes("in all", plan_bytes(p));
    printf("%-34s %10.0f bytes\n", "keys and values of a text", p->cache);
    printf("%-34s %10.2f MFLOP\n", "a token, forward and back", p->flops / 1e6);
    printf("%-34s %10.2f GFLOP, %.0f tokens (%d x %d x %d)\n", "a step", p->flops * tokens / 1e9, tokens, p->accumulate, p->batch, p->T);
    if (isnan(p->seconds)) {
        printf("this machine has %.1f MB: that is too little, so no step was tried; a smaller --batch and more --accumulate, or a smaller model\n", machine_memory() / 1e6);
        return;
    }
    printf("%-34s %10.1f GFLOP/s\n", "a matrix product runs here at", p->product_rate / 1e9);
    printf("%-34s %10.1f ms, %.0f tokens a second\n", "a step will take, tried in small", 1e3 * p->seconds, tokens / p->seconds);
    if (p->busy) puts("the machine is busy with something else, so that is a guess: plan again when it is not");
}
