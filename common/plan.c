// plan.c, from lesson 09: what a model will take, before anything is allocated.
#include "plan.h"
#include "backward.h"
#include "clip.h"
#include "decay_groups.h"
#include "gemm.h"
#include "op_cross_entropy.h"

#include <math.h>
#include <stdlib.h>

// --- memory: a tape that only counts ---

enum { NODES = 16 * GPT_LAYERS + 16, SIZES = 8 };

// A tensor of the step: how many floats it has, what else its operation leaves for backward, and what it is made of (-1: nothing more).
typedef struct {
    double size;
    int in[2];
} Node;

typedef struct {
    Node node[NODES];
    int count;
    double floats;          // of values, and of what is kept for backward
} Counted;

static int add(Counted *c, double size, double kept, int a, int b) {
    c->node[c->count] = (Node){size, {a, b}};
    c->floats += size + kept;
    return c->count++;
}

static int dropped(Counted *c, double size, double dropout, int x) { return dropout > 0 ? add(c, size, size, x, -1) : x; }

// The same operations in the same order as gpt_forward and block_forward. N: tokens of a batch.
static Counted count_nodes(const GptShape *s, int batch, int threads) {
    Counted c = {.count = 0};
    double N = (double)batch * s->T, C = s->C, T16 = (s->T + 15) / 16 * 16, norm = 2 * N + N / 16 * C;
    double attention = N * s->NH + threads * 64.0 * T16 + (s->T <= 128 ? N * s->NH * T16 : 0);
    int x = add(&c, N * C, N, -1, -1);
    x = dropped(&c, N * C, s->dropout, add(&c, N * C, 0, x, -1));
    for (int l = 0; l < s->L; l++) {
        int y = add(&c, N * C, norm, x, -1);
        y = add(&c, 3 * N * C, 0, y, -1);
        y = add(&c, N * C, attention, y, -1);
        y = dropped(&c, N * C, s->dropout, add(&c, N * C, 0, y, -1));
        x = add(&c, N * C, 0, x, y);
        y = add(&c, N * C, norm, x, -1);
        y = add(&c, 4 * N * C, 0, y, -1);
        y = add(&c, 4 * N * C, 0, y, -1);
        y = dropped(&c, N * C, s->dropout, add(&c, N * C, 0, y, -1));
        x = add(&c, N * C, 0, x, y);
    }
    x = add(&c, N * C, norm, x, -1);
    x = add(&c, N * s->V, 0, x, -1);
    add(&c, 1, N * s->V + 3 * N, x, -1);
    return c;
}

// Walks back as backward.c does, with memory that is used again by size, as tape_grad_done leaves it.
static double count_gradients(const Counted *c) {
    bool has[NODES] = {false};
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

Plan plan_of(GptShape s, int batch, int accumulate, int threads) {
    Plan p = {.shape = s, .batch = batch, .accumulate = accumulate, .threads = threads};
    double C = s.C, vectors = (s.bias ? 13 : 2) * C, table = (double)s.V * C;
    p.params = table + s.T * C + s.L * (12 * C * C + vectors) + (s.bias ? 2 : 1) * C + (s.untied ? table : 0);
    p.matrices = s.L * 12 * C * C + table;
    p.weights = p.gradients = 4 * p.params;
    p.optimizer = 8 * p.params;
    Counted counted = count_nodes(&s, batch, threads);
    p.activations = 4 * counted.floats;
    p.their_gradients = 4 * count_gradients(&counted);
    p.flops = 6 * p.matrices + 6 * s.L * C * (s.T + 1);         // 2 a weight forward, 4 back; attention: 2 products of T/2 places on average, and 4 back
    return p;
}

// --- time: a step of models that differ from this one in one thing only ---

// Seconds of a step of such a model: the fastest of some, after one that only takes the memory.
static double step_seconds(GptShape s, int batch, double least) {
    Gpt g;
    Tape tape = tape_new(true);
    Rng rng;
    int N = batch * s.T, *id = xcalloc((size_t)N, sizeof *id);
    gpt_init(&g, s);
    rng_seed(&rng, 1);
    gpt_randomise(&g, &rng);
    for (int i = 0; i < N; i++) id[i] = (int)rng_below(&rng, (uint32_t)s.V);
    DecayGroups d = decay_groups_new(&g.params, g.matrices, 0.1, 0.99);
    double best = INFINITY, until = seconds_now() + least;
    tape.recycle = true;
    for (int round = 0; round < 4 || seconds_now() < until; round++) {
        double start = seconds_now();
        tape_reset(&tape);
        params_zero_grad(&g.params);
        Tensor *loss = op_cross_entropy(&tape, gpt_logits(&g, &tape, gpt_forward(&g, &tape, id, batch, s.T, NULL, &rng, true)), id, NO_IGNORE);
        backward(&tape, loss);
        clip(&g.params, 1);
        decay_groups_step(&d, 1e-4);
        if (round > 0) best = fmin(best, seconds_now() - start);
    }
    decay_groups_free(&d);
    gpt_free(&g);
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

// One block more costs what a block costs; so many tokens more cost what their rows of the head and of the optimizer cost.
void plan_measure(Plan *p) {
    enum { FEW = 1024 };
    GptShape one = p->shape, two = p->shape, more = p->shape;
    one.L = more.L = 1;
    two.L = 2;
    one.V = two.V = min_int(p->shape.V, FEW);
    more.V = 2 * FEW;
    p->product_rate = product_flops(p->batch * p->shape.T, p->shape.C);
    double first = step_seconds(one, p->batch, 0.3), block = step_seconds(two, p->batch, 0.3) - first, batch = first + (p->shape.L - 1) * block;
    if (p->shape.V > FEW) batch += (step_seconds(more, p->batch, 0.3) - first) * (p->shape.V - FEW) / FEW;
    p->seconds = batch * p->accumulate;
}

// --- the plan ---

double plan_bytes(const Plan *p) { return p->weights + p->gradients + p->optimizer + p->activations + p->their_gradients + p->other; }

static void print_bytes(const char *what, double bytes) { printf("%-34s %10.1f MB\n", what, bytes / 1e6); }

void plan_print(const Plan *p) {
    double tokens = (double)p->batch * p->accumulate * p->shape.T;
    printf("%d layers, %d heads, width %d, %d places, %d tokens in the vocabulary\n", p->shape.L, p->shape.NH, p->shape.C, p->shape.T, p->shape.V);
    printf("%-34s %10.0f\n", "parameters", p->params);
    print_bytes("weights", p->weights);
    print_bytes("their gradients", p->gradients);
    print_bytes("optimizer (two averages each)", p->optimizer);
    print_bytes("values of one batch", p->activations);
    print_bytes("their gradients", p->their_gradients);
    print_bytes("the program, its libraries, a text", p->other);
    print_bytes("in all", plan_bytes(p));
    printf("%-34s %10.2f MFLOP\n", "a token, forward and back", p->flops / 1e6);
    printf("%-34s %10.2f GFLOP, %.0f tokens (%d x %d x %d)\n", "a step", p->flops * tokens / 1e9, tokens, p->accumulate, p->batch, p->shape.T);
    printf("%-34s %10.1f GFLOP/s\n", "a matrix product runs here at", p->product_rate / 1e9);
    printf("%-34s %10.1f ms, %.0f tokens a second\n", "so a step will take", 1e3 * p->seconds, tokens / p->seconds);
}
