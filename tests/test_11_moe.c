// test_11_moe.c: the parts of a mixture of experts and a whole model against PyTorch's figures; routing, room, cache and counted work.
#include "backward.h"
#include "golden/moe.h"
#include "gradcheck.h"
#include "mixtral_plan.h"
#include "op_add.h"
#include "op_attention.h"
#include "op_balance.h"
#include "op_combine.h"
#include "op_cross_entropy.h"
#include "op_dispatch.h"
#include "op_experts.h"
#include "op_gqa.h"
#include "op_rmsnorm.h"
#include "op_rope.h"
#include "op_route.h"
#include "op_swiglu.h"
#include "op_zloss.h"
#include "gqa_cache.h"
#include "tensors.h"

#include <limits.h>
#include <math.h>
#include <omp.h>

static const double ABSOLUTE = 2e-6, RELATIVE = 1e-5;

// --- newer parts ---

START_TEST(rmsnorm_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){2, 5, 12}, RMSNORM_X), *gain = leaf_of("gain", 1, (int[]){12}, RMSNORM_GAIN);
    Tensor *y = op_rmsnorm(&tape, x, gain);
    testing_close("y", y->data, RMSNORM_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, RMSNORM_DY);
    close_to_half("dx", x->grad, RMSNORM_DX, x->size, ABSOLUTE, RELATIVE);
    close_to_half("dgain", gain->grad, RMSNORM_DGAIN, 12, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(gain);
}
END_TEST

START_TEST(swiglu_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 2, (int[]){5, 14}, SWIGLU_X);
    Tensor *y = op_swiglu(&tape, x);
    testing_close("y", y->data, SWIGLU_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, SWIGLU_DY);
    close_to_half("dx", x->grad, SWIGLU_DX, x->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

// Runs the whole tape back from `loss`.
static void run_back(Tape *tape, Tensor *loss) {
    for (int i = 0; i < tape->count; i++) tape_want_grad(tape, tape->node[i]);
    loss->grad[0] = 1;
    for (int i = tape->count - 1; i >= 0; i--)
        if (tape->node[i]->backward) tape->node[i]->backward(tape->node[i]);
}

START_TEST(grouped_queries_as_in_pytorch) {
    enum { B = 2, T = 5, NH = 6, KV = 2, HS = 4 };
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 3, (int[]){B, T, (NH + 2 * KV) * HS}, GQA_X);
    Tensor *y = op_attention(&tape, op_rope(&tape, op_gqa(&tape, x, NH, KV), NH, 0, 10000), NH, NULL);
    testing_close("y", y->data, GQA_Y, y->size, ABSOLUTE, RELATIVE);
    run_back(&tape, weigh(&tape, y, GQA_DY));
    testing_close("dx", x->grad, GQA_DX, x->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

START_TEST(the_small_cache_gives_what_attention_gives) {
    enum { N = 7, NH = 6, KV = 2, HS = 4, WIDTH = (NH + 2 * KV) * HS };
    Tape tape = tape_new(false);
    Tensor *x = leaf_new("x", 3, (int[]){1, N, WIDTH}, 2, 8);
    Tensor *want = op_attention(&tape, op_gqa(&tape, x, NH, KV), NH, NULL);
    const int cuts[][4] = {{7}, {1, 1, 1, 4}, {3, 4}, {6, 1}};
    for (int k = 0; k < COUNT(cuts); k++) {
        KvCache cache = kvcache_new(2, N, KV * HS);
        for (int i = 0, n; i < 4 && (n = cuts[k][i]) > 0; i++) {
            Tensor *part = tape_values(&tape, "part", 3, (int[]){1, n, WIDTH}, x->data + cache.used * WIDTH), *qkv = op_gqa(&tape, part, NH, KV);
            gqa_cache_store(&cache, 1, qkv, NH);
            Tensor *y = gqa_cache_attend(&cache, 1, &tape, qkv, NH);
            testing_close("y", y->data, want->data + cache.used * NH * HS, y->size, 1e-6, 1e-5);
            cache.used += n;
        }
        kvcache_free(&cache);
    }
    leaf_free(x);
    tape_free(&tape);
}
END_TEST

// --- routing ---

START_TEST(the_greatest_are_chosen) {
    const float x[] = {1, 3, 2, 3, NAN, NAN, NAN, NAN, -1, -1, -1, -1}, favour[] = {5, 0, 0, 0};
    const int want[] = {1, 3, 0, 1, 0, 1}, favoured[] = {0, 1, 0, 1, 0, 1};
    Tape tape = tape_new(false);
    Tensor *logits = tape_values(&tape, "logits", 2, (int[]){3, 4}, x);
    int choice[6];
    const Tensor *gate = op_route(&tape, logits, 2, NULL, choice);
    for (int i = 0; i < 6; i++) ck_assert_msg(choice[i] == want[i], "choice %d is %d, want %d", i, choice[i], want[i]);
    ck_assert_float_eq_tol(gate->data[0], 0.5f, 1e-6f);
    ck_assert_float_eq_tol(gate->data[4], 0.5f, 1e-6f);
    gate = op_route(&tape, logits, 2, favour, choice);
    for (int i = 0; i < 6; i++) ck_assert_int_eq(choice[i], favoured[i]);
    ck_assert_float_eq_tol(gate->data[0], 1 / (1 + expf(2)), 1e-6f);       // the favour is not in the gates
    tape_free(&tape);
}
END_TEST

// Every slot that has a place stands there, each place has one slot, experts have their own; who is dropped came last.
static void check_routing(const Routing *r, int capacity) {
    int rows = r->start[r->E];
    int *seen = xcalloc((size_t)rows + 1, sizeof *seen), *asked = xcalloc((size_t)r->E, sizeof *asked);
    ck_assert_int_eq(r->start[0], 0);
    for (int k = 0; k < r->K; k++)
        for (int n = 0; n < r->N; n++) {
            int i = n * r->K + k, e = r->choice[i], row = r->place[i];
            bool room = !capacity || asked[e] < capacity;
            asked[e]++;
            ck_assert_msg((row >= 0) == room, "slot %d of token %d: row %d, though %d came before it", k, n, row, asked[e] - 1);
            if (row < 0) continue;
            ck_assert(row >= r->start[e] && row < r->start[e + 1] && !seen[row]++ && r->slot[row] == i);
        }
    for (int e = 0; e < r->E; e++) ck_assert_int_eq(asked[e], r->asked[e]);
    for (int row = 0; row < rows; row++) ck_assert_int_eq(seen[row], 1);
    free(seen);
    free(asked);
}

START_TEST(routing_sorts_and_drops) {
    enum { N = 37, K = 3, E = 6 };
    int choice[N * K];
    Rng rng;
    rng_seed(&rng, 4);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) choice[n * K + k] = (int)rng_below(&rng, 2) + 2 * k;   // uneven, and never the same twice
    for (int capacity = 0; capacity < 60; capacity += 7) {
        Tape tape = tape_new(false);
        Routing r = routing_of(&tape, choice, N, K, E, capacity);
        check_routing(&r, capacity);
        tape_free(&tape);
    }
    ck_assert_int_eq(routing_capacity(10, 2, 8, 1.25), 4);      // 3.125
    ck_assert_int_eq(routing_capacity(8, 2, 4, 1), 4);
    ck_assert_int_eq(routing_capacity(8, 2, 4, 0), 0);
    ck_assert_int_eq(routing_capacity(1 << 20, 2, 2, 1e6), INT_MAX);       // more than an int holds
}
END_TEST

// --- a layer ---

typedef struct {
    Params p;
    Moe m;
} Layer;

static Layer *layer_new(MoeShape s, const float *router, const float *up, const float *down) {
    Layer *l = xcalloc(1, sizeof *l);
    moe_add(&l->m, &l->p, s, 0);
    params_allocate(&l->p);
    memcpy(l->m.router->data, router, l->m.router->size * sizeof *router);
    memcpy(l->m.up->data, up, l->m.up->size * sizeof *up);
    memcpy(l->m.down->data, down, l->m.down->size * sizeof *down);
    return l;
}

static void layer_free(Layer *l) {
    moe_free(&l->m);
    params_free(&l->p);
    free(l);
}

START_TEST(experts_as_in_pytorch) {
    enum { N = 9, C = 6, F = 5, E = 7, K = 3 };
    for (int threads = 1; threads <= 2; threads++) {
        omp_set_num_threads(threads);
        Layer *l = layer_new((MoeShape){.C = C, .F = F, .E = E, .K = K, .capacity = 0, .balance = 0.3}, MOE_ROUTER, MOE_UP, MOE_DOWN);
        Tape tape = tape_new(true);
        Tensor *x = leaf_of("x", 2, (int[]){N, C}, MOE_X), *price;
        Tensor *y = moe_forward(&tape, x, &l->m, NULL, true, &price);
        testing_close("y", y->data, MOE_Y, y->size, ABSOLUTE, RELATIVE);
        testing_close("price", price->data, MOE_PRICE, 1, ABSOLUTE, RELATIVE);
        run_back(&tape, op_add(&tape, weigh(&tape, y, MOE_DY), price));
        testing_close("dx", x->grad, MOE_DX, x->size, ABSOLUTE, RELATIVE);
        testing_close("drouter", l->m.router->grad, MOE_DROUTER, l->m.router->size, ABSOLUTE, RELATIVE);
        testing_close("dup", l->m.up->grad, MOE_DUP, l->m.up->size, ABSOLUTE, RELATIVE);
        testing_close("ddown", l->m.down->grad, MOE_DDOWN, l->m.down->size, ABSOLUTE, RELATIVE);
        long asked[E] = {0};
        for (int i = 0; i < N * K; i++) asked[MOE_CHOICE[i]]++;
        for (int e = 0; e < E; e++) ck_assert_int_eq(l->m.trained.asked[e], asked[e]);
        ck_assert_int_eq(l->m.trained.slots, N * K);
        ck_assert_int_eq(l->m.trained.dropped, 0);
        leaf_free(x);
        tape_free(&tape);
        layer_free(l);
    }
}
END_TEST

// With little room: what is dropped says nothing, and learns nothing. In plain loops; and outside of training nothing is dropped.
START_TEST(what_is_dropped_says_nothing) {
    enum { N = 9, C = 6, F = 5, E = 7, K = 3 };
    Layer *l = layer_new((MoeShape){.C = C, .F = F, .E = E, .K = K, .capacity = 0.6, .balance = 0}, MOE_ROUTER, MOE_UP, MOE_DOWN);
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 2, (int[]){N, C}, MOE_X), *price;
    Tensor *y = moe_forward(&tape, x, &l->m, NULL, true, &price);
    ck_assert(price == NULL);
    int capacity = routing_capacity(N, K, E, 0.6), taken[E] = {0}, dropped = 0;
    double want[N][C] = {{0}};
    for (int k = 0; k < K; k++)
        for (int n = 0; n < N; n++) {
            int e = MOE_CHOICE[n * K + k];
            double sum = 0, at = 0, logit[E], hidden[2 * F];
            if (taken[e]++ >= capacity) {
                dropped++;
                continue;
            }
            for (int j = 0; j < E; j++) {
                logit[j] = 0;
                for (int c = 0; c < C; c++) logit[j] += (double)MOE_ROUTER[j * C + c] * MOE_X[n * C + c];
            }
            for (int j = 0; j < K; j++) sum += exp(logit[MOE_CHOICE[n * K + j]]);
            at = exp(logit[e]) / sum;
            for (int f = 0; f < 2 * F; f++) {
                hidden[f] = 0;
                for (int c = 0; c < C; c++) hidden[f] += (double)MOE_UP[(e * 2 * F + f) * C + c] * MOE_X[n * C + c];
            }
            for (int c = 0; c < C; c++)
                for (int f = 0; f < F; f++) want[n][c] += at * (double)MOE_DOWN[(e * C + c) * F + f] * hidden[F + f] * hidden[f] / (1 + exp(-hidden[f]));
        }
    ck_assert(dropped > 0 && l->m.trained.dropped == dropped);
    for (int i = 0; i < N * C; i++) ck_assert_float_eq_tol(y->data[i], (float)want[i / C][i % C], 1e-5f);
    Tensor *all = moe_forward(&tape, x, &l->m, NULL, false, &price);
    testing_close("y", all->data, MOE_Y, all->size, ABSOLUTE, RELATIVE);
    ck_assert_int_eq(l->m.measured.dropped, 0);
    leaf_free(x);
    tape_free(&tape);
    layer_free(l);
}
END_TEST

// The router's gradient by finite differences of the whole layer, away from ties: a small change of its weights changes no choice.
static double layer_loss(Layer *l, Tensor *x) {
    Tape tape = tape_new(false);
    Tensor *price, *y = moe_forward(&tape, x, &l->m, NULL, true, &price);
    double sum = price->data[0];
    for (size_t i = 0; i < y->size; i++) sum += (double)MOE_DY[i] * y->data[i];
    tape_free(&tape);
    return sum;
}

START_TEST(the_router_learns_by_finite_differences) {
    enum { N = 9, C = 6, F = 5, E = 7, K = 3 };
    const float h = 1e-2f;
    Layer *l = layer_new((MoeShape){.C = C, .F = F, .E = E, .K = K, .capacity = 0.9, .balance = 0.3}, MOE_ROUTER, MOE_UP, MOE_DOWN);
    Tensor *x = leaf_of("x", 2, (int[]){N, C}, MOE_X), *price;
    Tape tape = tape_new(true);
    Tensor *y = moe_forward(&tape, x, &l->m, NULL, true, &price);
    run_back(&tape, op_add(&tape, weigh(&tape, y, MOE_DY), price));
    int compared = 0;
    for (size_t i = 0; i < l->m.router->size; i++) {
        float *w = &l->m.router->data[i], before = *w;
        long asked[3][E];
        double loss[3];
        for (int side = 0; side < 3; side++) {
            *w = before + (float)(side - 1) * h;
            moe_clear(&l->m.trained, E);
            loss[side] = layer_loss(l, x);
            memcpy(asked[side], l->m.trained.asked, sizeof asked[side]);
        }
        *w = before;
        if (memcmp(asked[0], asked[1], sizeof *asked) || memcmp(asked[1], asked[2], sizeof *asked)) continue;    // a tie lies between
        double want = (loss[2] - loss[0]) / (2 * (double)h);
        ck_assert_msg(fabs(l->m.router->grad[i] - want) < 2e-3 + 5e-3 * fabs(want), "router weight %zu: %g, differences say %g", i, (double)l->m.router->grad[i], want);
        compared++;
    }
    ck_assert_int_gt(compared, 20);
    tape_free(&tape);
    leaf_free(x);
    layer_free(l);
}
END_TEST

START_TEST(large_logits_cost) {
    const float x[] = {1, 2, 3, -4, 0, 9};
    double want = 0;
    Tape tape = tape_new(true);
    Tensor *logits = leaf_of("logits", 2, (int[]){2, 3}, x), *loss = op_zloss(&tape, logits, 0.5);
    for (int n = 0; n < 2; n++) {
        double z = log(exp((double)x[3 * n]) + exp((double)x[3 * n + 1]) + exp((double)x[3 * n + 2]));
        want += 0.5 * z * z / 2;
        for (int e = 0; e < 3; e++) loss->in[0]->grad[3 * n + e] -= (float)(0.5 * z * exp(x[3 * n + e] - z));
    }
    ck_assert_double_eq_tol((double)loss->data[0], want, 1e-5 * want);
    run_back(&tape, loss);
    for (int i = 0; i < 6; i++) ck_assert_float_eq_tol(logits->grad[i], 0, 2e-6f);
    tape_free(&tape);
    leaf_free(logits);
}
END_TEST

// Noise is there in training only; favours move by the loads, and decide who is chosen from then on.
START_TEST(noise_and_favours) {
    enum { N = 9, C = 6, F = 5, E = 7, K = 3 };
    Layer *l = layer_new((MoeShape){.C = C, .F = F, .E = E, .K = K, .favour = 0.25, .noise = 0.5}, MOE_ROUTER, MOE_UP, MOE_DOWN);
    Tape tape = tape_new(true);
    Rng rng;
    Tensor *x = leaf_of("x", 2, (int[]){N, C}, MOE_X), *price;
    rng_seed(&rng, 3);
    testing_close("y", moe_forward(&tape, x, &l->m, NULL, false, &price)->data, MOE_Y, N * C, ABSOLUTE, RELATIVE);
    const Tensor *y = moe_forward(&tape, x, &l->m, &rng, true, &price);
    double away = 0;
    for (int i = 0; i < N * C; i++) away += fabs((double)y->data[i] - MOE_Y[i]);
    ck_assert(away > 0.1);
    for (int e = 0; e < E; e++) {
        long lacks = N * K - E * l->m.trained.asked[e];
        ck_assert_float_eq(l->m.favour->data[e], lacks > 0 ? 0.25f : lacks < 0 ? -0.25f : 0);
    }
    for (int e = 0; e < E; e++) l->m.favour->data[e] = e < K ? 1000 : 0;
    moe_clear(&l->m.measured, E);
    moe_forward(&tape, x, &l->m, NULL, false, &price);
    for (int e = 0; e < E; e++) ck_assert_int_eq(l->m.measured.asked[e], e < K ? N : 0);
    leaf_free(x);
    tape_free(&tape);
    layer_free(l);
}
END_TEST

// --- a whole model ---

enum { V = 11, B = 2, T = 5 };
static const MixtralShape SMALL = {.V = V, .T = T, .L = 2, .NH = 6, .KV = 2, .C = 12, .F = 7, .E = 5, .K = 2, .balance = 0.05};

static Mixtral *small_new(void) {
    Mixtral *m = xcalloc(1, sizeof *m);
    mixtral_init(m, SMALL);
    ck_assert_int_eq((int)m->params.size, (int)(sizeof MIXTRAL_W / sizeof *MIXTRAL_W));
    memcpy(m->params.data, MIXTRAL_W, sizeof MIXTRAL_W);
    return m;
}

static void small_free(Mixtral *m) {
    mixtral_free(m);
    free(m);
}

START_TEST(a_whole_model_as_in_pytorch) {
    for (int recycle = 0; recycle < 2; recycle++) {
        Mixtral *m = small_new();
        Tape tape = tape_new(true);
        tape.recycle = recycle;
        Tensor *logits = mixtral_logits(m, &tape, mixtral_forward(m, &tape, MIXTRAL_X, B, T, NULL, NULL, true));
        Tensor *loss = op_cross_entropy(&tape, logits, MIXTRAL_Y, NO_IGNORE);
        testing_close("logits", logits->data, MIXTRAL_LOGITS, logits->size, 1e-5, 1e-5);
        testing_close("loss", loss->data, MIXTRAL_LOSS, 1, 1e-6, 1e-6);
        testing_close("price", m->price->data, MIXTRAL_PRICE, 1, 1e-6, 1e-5);
        backward(&tape, op_add(&tape, loss, m->price));
        testing_close("gradients", m->params.grad, MIXTRAL_DW, m->params.size, 3e-6, 1e-4);
        tape_free(&tape);
        small_free(m);
    }
}
END_TEST

START_TEST(cached_as_without) {
    enum { N = 40 };
    MixtralShape shape = {.V = 23, .T = N, .L = 3, .NH = 4, .KV = 1, .C = 24, .F = 16, .E = 4, .K = 2, .capacity = 1};
    Mixtral m;
    Rng rng;
    int id[N];
    mixtral_init(&m, shape);
    rng_seed(&rng, 9);
    rng_normal(&rng, m.params.data, m.params.size);
    for (size_t i = 0; i < m.params.size; i++) m.params.data[i] *= 0.3f;
    for (int i = 0; i < N; i++) id[i] = (int)rng_below(&rng, 23);
    Decoder net = mixtral_decoder(&m);
    ck_assert_int_eq(net.key, 6);
    Tape tape = tape_new(false);
    Tensor *want = net.logits(net.self, &tape, net.forward(net.self, &tape, id, 1, N, NULL, NULL, false));
    KvCache cache = kvcache_new(net.L, net.T, net.key);
    for (int at = 0, n; at < N; at += n) {
        n = at == 0 ? 7 : 1;
        Tensor *logits = net.logits(net.self, &tape, net.forward(net.self, &tape, id + at, 1, n, &cache, NULL, false));
        testing_close("logits", logits->data, want->data + at * 23, logits->size, 1e-5, 1e-4);
        cache.used += n;
    }
    kvcache_free(&cache);
    tape_free(&tape);
    mixtral_free(&m);
}
END_TEST

// 8 experts of which a token uses 2: a quarter of the experts' weights, and of their multiplications. That the others are not computed is seen by
// making them NaN: nothing of that comes through.
START_TEST(a_token_pays_for_its_experts_only) {
    enum { C = 16, F = 24, E = 8, K = 2, UP = 2 * F * C, DOWN = C * F };
    float x[C], router[E * C], up[E * UP], down[E * DOWN], dy[C];
    testing_fill(x, C, 1, 1), testing_fill(router, E * C, 1, 2), testing_fill(up, E * UP, 1, 3), testing_fill(down, E * DOWN, 1, 4), testing_fill(dy, C, 1, 5);
    Layer *l = layer_new((MoeShape){.C = C, .F = F, .E = E, .K = K}, router, up, down);
    Tensor *in = leaf_of("x", 2, (int[]){1, C}, x), *price;
    Tape tape = tape_new(true);
    moe_forward(&tape, in, &l->m, NULL, false, &price);
    int computed = 0;
    for (int e = 0; e < E; e++) {
        if (l->m.measured.asked[e]) computed++;
        for (int i = 0; i < UP && !l->m.measured.asked[e]; i++) l->m.up->data[e * UP + i] = NAN;
        for (int i = 0; i < DOWN && !l->m.measured.asked[e]; i++) l->m.down->data[e * DOWN + i] = NAN;
    }
    ck_assert_int_eq(computed, K);          // of E: a quarter
    tape_reset(&tape);
    Tensor *y = moe_forward(&tape, in, &l->m, NULL, false, &price);
    run_back(&tape, weigh(&tape, y, dy));
    for (int c = 0; c < C; c++) ck_assert(isfinite(y->data[c]) && isfinite(in->grad[c]));
    for (int e = 0; e < E; e++)
        for (int i = 0; i < UP; i++) ck_assert((l->m.up->grad[e * UP + i] != 0) == (l->m.measured.asked[e] > 0));
    leaf_free(in);
    tape_free(&tape);
    layer_free(l);
}
END_TEST

START_TEST(active_parameters_are_a_quarter_of_the_experts) {
    MixtralShape shape = {.V = 23, .T = 16, .L = 2, .NH = 4, .KV = 2, .C = 16, .F = 24, .E = 8, .K = 2};
    Mixtral m;
    size_t experts = (size_t)shape.L * 8 * 3 * 16 * 24;
    mixtral_init(&m, shape);
    ck_assert_int_eq((int)(m.params.size - mixtral_active(&m)), (int)(experts * 3 / 4));
    mixtral_free(&m);
}
END_TEST

// Large enough for several threads: the same bits as of one.
START_TEST(threads_do_not_change_experts) {
    enum { N = 600, C = 96, O = 128, E = 7, K = 2 };
    static float y[2][N * K * O], dx[2][N * K * C], dw[2][E * O * C];
    static int choice[N * K];
    Rng rng;
    rng_seed(&rng, 8);
    for (int n = 0; n < N; n++)
        for (int k = 0; k < K; k++) choice[n * K + k] = (int)rng_below(&rng, 3) + 3 * k;
    for (int threads = 1; threads <= 2; threads++) {
        omp_set_num_threads(threads);
        Tape tape = tape_new(true);
        Routing r = routing_of(&tape, choice, N, K, E, 0);
        Tensor *x = leaf_new("x", 2, (int[]){N * K, C}, 1, 6), *w = leaf_new("w", 3, (int[]){E, O, C}, 1, 7);
        Tensor *out = op_experts(&tape, x, w, &r);
        tape_want_grad(&tape, out);
        testing_fill(out->grad, out->size, 1, 9);
        out->backward(out);
        memcpy(y[threads - 1], out->data, sizeof y[0]);
        memcpy(dx[threads - 1], x->grad, sizeof dx[0]);
        memcpy(dw[threads - 1], w->grad, sizeof dw[0]);
        leaf_free(x);
        leaf_free(w);
        tape_free(&tape);
    }
    ck_assert(memcmp(y[0], y[1], sizeof y[0]) == 0 && memcmp(dx[0], dx[1], sizeof dx[0]) == 0 && memcmp(dw[0], dw[1], sizeof dw[0]) == 0);
    ck_assert(y[0][0] != 0 && dx[0][0] != 0 && dw[0][0] != 0);
}
END_TEST

// What plan counts is what a step takes from its arena, within two thousandths.
START_TEST(plan_counts_what_a_step_takes) {
    const MixtralShape shape[] = {{.V = 65, .T = 64, .L = 3, .NH = 4, .KV = 2, .C = 128, .F = 192, .E = 8, .K = 2, .balance = 0.01, .noise = 0.1, .zloss = 0.001, .dropout = 0.1},
                                  {.V = 40, .T = 136, .L = 2, .NH = 4, .KV = 4, .C = 64, .F = 256, .E = 1, .K = 1}};
    MixtralShape s = shape[_i];
    enum { BATCH = 8 };
    Mixtral m;
    Rng rng;
    int *id = xcalloc((size_t)(BATCH * s.T), sizeof *id);
    mixtral_init(&m, s);
    rng_seed(&rng, 2);
    mixtral_randomise(&m, &rng);
    Plan p = mixtral_plan_of(&s, BATCH, 1, omp_get_max_threads());
    ck_assert_double_eq(p.params, (double)m.params.size);
    Tape tape = tape_new(true);
    tape.recycle = true;
    Tensor *logits = mixtral_logits(&m, &tape, mixtral_forward(&m, &tape, id, BATCH, s.T, NULL, &rng, true));
    Tensor *loss = op_cross_entropy(&tape, logits, id, NO_IGNORE);
    backward(&tape, m.price ? op_add(&tape, loss, m.price) : loss);
    double want = (double)tape.arena.used, got = p.activations + p.their_gradients;
    ck_assert_msg(fabs(got - want) < 0.002 * want, "plan says %.0f bytes, the step took %.0f", got, want);
    free(id);
    tape_free(&tape);
    mixtral_free(&m);
}
END_TEST

int main(void) {
    TCase *c = testing_start("moe");
    tcase_add_test(c, rmsnorm_as_in_pytorch);
    tcase_add_test(c, swiglu_as_in_pytorch);
    tcase_add_test(c, grouped_queries_as_in_pytorch);
    tcase_add_test(c, the_small_cache_gives_what_attention_gives);
    tcase_add_test(c, the_greatest_are_chosen);
    tcase_add_test(c, routing_sorts_and_drops);
    tcase_add_test(c, experts_as_in_pytorch);
    tcase_add_test(c, what_is_dropped_says_nothing);
    tcase_add_test(c, the_router_learns_by_finite_differences);
    tcase_add_test(c, large_logits_cost);
    tcase_add_test(c, noise_and_favours);
    tcase_add_test(c, a_whole_model_as_in_pytorch);
    tcase_add_test(c, cached_as_without);
    tcase_add_test(c, a_token_pays_for_its_experts_only);
    tcase_add_test(c, active_parameters_are_a_quarter_of_the_experts);
    tcase_add_test(c, threads_do_not_change_experts);
    tcase_add_loop_test(c, plan_counts_what_a_step_takes, 0, 2);
    return testing_end();
}
