// test_09_gpt.c: a whole GPT against PyTorch's figures; its cache, its schedule, its groups, and what plan counts.
#include "accumulate.h"
#include "backward.h"
#include "gpt.h"
#include "golden/gpt.h"
#include "kvcache.h"
#include "op_attention.h"
#include "op_cross_entropy.h"
#include "gpt_plan.h"
#include "profile.h"
#include "sampler.h"
#include "schedule.h"
#include "decay_groups.h"
#include "tensors.h"

#include <math.h>
#include <omp.h>

enum { V = 11, B = 2, T = 5, C = 12 };

static const GptShape SMALL = {.V = V, .T = T, .L = 2, .NH = 3, .C = C, .bias = true};

static Gpt small_gpt(void) {
    Gpt g;
    gpt_init(&g, SMALL);
    ck_assert_int_eq((int)g.params.size, (int)(sizeof GPT_W / sizeof *GPT_W));
    memcpy(g.params.data, GPT_W, sizeof GPT_W);
    return g;
}

static Tensor *loss_of(Gpt *g, Tape *tape, Tensor **logits) {
    *logits = gpt_logits(g, tape, gpt_forward(g, tape, GPT_X, B, T, NULL, NULL, false));
    return op_cross_entropy(tape, *logits, GPT_Y, NO_IGNORE);
}

START_TEST(as_pytorch_has_it) {
    Gpt g = small_gpt();
    for (int recycle = 0; recycle < 2; recycle++) {
        Tape tape = tape_new(true);
        Tensor *logits, *loss;
        tape.recycle = recycle;
        params_zero_grad(&g.params);
        loss = loss_of(&g, &tape, &logits);
        backward(&tape, loss);
        testing_close("logits", logits->data, GPT_LOGITS, logits->size, 1e-5, 1e-5);
        testing_close("loss", loss->data, GPT_LOSS, 1, 1e-6, 1e-6);
        testing_close("gradients", g.params.grad, GPT_DW, g.params.size, 1e-6, 1e-4);
        tape_free(&tape);
    }
    gpt_free(&g);
}
END_TEST

START_TEST(two_groups_as_pytorch_has_them) {
    Gpt g = small_gpt();
    memcpy(g.params.grad, GPT_DW, sizeof GPT_DW);
    DecayGroups d = decay_groups_new(&g.params, g.matrices, 0.1, 0.99);
    for (int i = 0; i < 3; i++) decay_groups_step(&d, 0.01);
    testing_close("weights", g.params.data, GPT_AFTER, g.params.size, 2e-6, 1e-5);
    for (int i = 0; i < g.params.count; i++) {
        const Tensor *t = g.params.param[i];
        ck_assert_msg((t->ndim >= 2) == (t->data < g.params.data + g.matrices), "%s is in the wrong group", t->name);
    }
    decay_groups_free(&d);
    gpt_free(&g);
}
END_TEST

START_TEST(begins_as_gpt2_does) {
    Gpt g;
    Rng rng;
    gpt_init(&g, (GptShape){.V = 90, .T = 32, .L = 8, .NH = 2, .C = 64, .bias = true, .untied = true});
    rng_seed(&rng, 5);
    gpt_randomise(&g, &rng);
    for (int i = 0; i < g.params.count; i++) {
        const Tensor *t = g.params.param[i];
        bool end = strstr(t->name, "proj") || strstr(t->name, "down"), gain = strstr(t->name, "gain");
        double sum = 0, want = t->ndim < 2 ? gain : end ? 0.02 / 4 : 0.02;      // 2 * 8 branches add up
        for (size_t k = 0; k < t->size; k++) sum += (double)t->data[k] * t->data[k];
        ck_assert_double_eq_tol(sqrt(sum / (double)t->size), want, 0.04 * want + 1e-9);
    }
    gpt_free(&g);
}
END_TEST

// --- the cache ---

START_TEST(the_cache_gives_what_attention_gives) {
    enum { N = 7, NH = 3 };
    Tape tape = tape_new(false);
    Tensor *qkv = leaf_new("qkv", 3, (int[]){1, N, 3 * C}, 2, 8);
    Tensor *want = op_attention(&tape, qkv, NH, NULL);
    const int cuts[][4] = {{7}, {1, 1, 1, 4}, {3, 4}, {6, 1}};
    for (int k = 0; k < COUNT(cuts); k++) {
        KvCache cache = kvcache_new(2, N, C);
        for (int i = 0, n; i < 4 && (n = cuts[k][i]) > 0; i++) {
            Tensor *part = tape_values(&tape, "part", 3, (int[]){1, n, 3 * C}, qkv->data + cache.used * 3 * C);
            kvcache_store(&cache, 1, part);
            Tensor *y = kvcache_attend(&cache, 1, &tape, part, NH);
            testing_close("y", y->data, want->data + cache.used * C, y->size, 1e-6, 1e-5);
            cache.used += n;
        }
        kvcache_free(&cache);
    }
    leaf_free(qkv);
    tape_free(&tape);
}
END_TEST

// --- the training ---

START_TEST(the_rate_rises_and_falls) {
    const Schedule s = {1e-3, 1e-4, 100, 2000}, none = {1, 0, 0, 10};
    ck_assert_double_eq_tol(schedule(&s, 0), 1e-5, 1e-12);
    ck_assert_double_eq_tol(schedule(&s, 49), 5e-4, 1e-12);
    ck_assert_double_eq_tol(schedule(&s, 99), 1e-3, 1e-12);
    ck_assert_double_eq_tol(schedule(&s, 100), 1e-3, 1e-12);
    ck_assert_double_eq_tol(schedule(&s, 1050), 5.5e-4, 1e-12);
    ck_assert_double_eq_tol(schedule(&s, 2000), 1e-4, 1e-12);
    ck_assert_double_eq_tol(schedule(&s, 99999), 1e-4, 1e-12);
    ck_assert_double_eq_tol(schedule(&none, 0), 1, 1e-12);
    for (long i = 101; i < 2100; i++) ck_assert(schedule(&s, i) <= schedule(&s, i - 1));
}
END_TEST

typedef struct {
    Gpt *g;
    Tape tape;
    int at, rows;
} Parts;

static double some_rows(void *ctx) {
    Parts *p = ctx;
    tape_reset(&p->tape);
    Tensor *x = gpt_forward(p->g, &p->tape, GPT_X + p->at * T, p->rows, T, NULL, NULL, true);
    Tensor *loss = op_cross_entropy(&p->tape, gpt_logits(p->g, &p->tape, x), GPT_Y + p->at * T, NO_IGNORE);
    backward(&p->tape, loss);
    p->at += p->rows;
    return loss->data[0];
}

START_TEST(small_batches_add_up_to_a_large_one) {
    Gpt g = small_gpt();
    for (int rows = 2; rows >= 1; rows--) {
        Parts p = {&g, tape_new(true), 0, rows};
        testing_fill(g.params.grad, g.params.size, 1, 3);       // what was there before does not count
        double loss = accumulate(&g.params, B / rows, some_rows, &p);
        ck_assert_double_eq_tol(loss, (double)GPT_LOSS[0], 1e-6);
        testing_close("gradients", g.params.grad, GPT_DW, g.params.size, 1e-6, 1e-4);
        tape_free(&p.tape);
    }
    gpt_free(&g);
}
END_TEST

// --- sampling ---

static void expect_kept(const float *prob, const char *kept) {
    for (int i = 0; kept[i]; i++) ck_assert_msg((prob[i] > 0) == (kept[i] == 'x'), "token %d is %g, want %s", i, (double)prob[i], kept);
}

START_TEST(what_is_unlikely_is_cut_off) {
    const float all[] = {0.1f, 0.4f, 0.05f, 0.25f, 0.2f};
    const struct { int k; double top_p, min_p; const char *kept; } row[] = {
        {0, 1, 0, "xxxxx"}, {0, 0.65, 0, ".x.x."}, {0, 0.66, 0, ".x.xx"}, {0, 0.4, 0, ".x..."}, {0, 0.41, 0, ".x.x."}, {0, 0, 0, ".x..."}, {0, 0.999, 0, "xxxxx"},
        {0, 1, 0.25, "xx.xx"}, {0, 1, 0.26, ".x.xx"}, {0, 1, 1, ".x..."}, {1, 1, 0, ".x..."}, {3, 1, 0, ".x.xx"}, {9, 1, 0, "xxxxx"}};
    for (int i = 0; i < COUNT(row); i++) {
        float p[5];
        memcpy(p, all, sizeof p);
        sampler_top_k(p, 5, row[i].k);
        sampler_top_p(p, 5, row[i].top_p);
        sampler_min_p(p, 5, row[i].min_p);
        expect_kept(p, row[i].kept);
    }
    float equal[] = {0.2f, 0.2f, 0.2f, 0.2f, 0.2f}, two[] = {0.2f, 0.2f, 0.2f, 0.2f, 0.2f};
    sampler_top_k(equal, 5, 2);
    expect_kept(equal, "xx...");
    sampler_top_p(two, 5, 0.5);
    expect_kept(two, "xxx..");
    sampler_normalise(two, 5);
    ck_assert_float_eq_tol(two[1], 1 / 3.0f, 1e-6f);
}
END_TEST

// --- counting ---

START_TEST(presets_have_their_published_sizes) {
    const struct { const char *name; int vocab; double params; } row[] = {
        {"char", 65, 804096}, {"baby", 65, 10745088}, {"gpt2", 0, 124439808}, {"medium", 0, 354823168}};
    for (int i = 0; i < COUNT(row); i++) {
        const GptPreset *p = gpt_preset(row[i].name);
        GptShape s = p->shape;
        if (row[i].vocab) s.V = row[i].vocab;
        Plan plan = gpt_plan_of(&s, p->recipe.batch, 1, 2);
        ck_assert_double_eq(plan.params, row[i].params);
        if (plan.params > 2e7) continue;
        Gpt g;
        gpt_init(&g, s);
        ck_assert_double_eq((double)g.params.size, plan.params);
        gpt_free(&g);
    }
    ck_assert_ptr_null(gpt_preset("small"));
}
END_TEST

// What plan counts is what a step takes from its arena, within two thousandths.
START_TEST(plan_counts_what_a_step_takes) {
    const GptShape shape[] = {{.V = 65, .T = 64, .L = 4, .NH = 4, .C = 128}, {.V = 300, .T = 200, .L = 3, .NH = 2, .C = 64, .bias = true, .untied = true, .dropout = 0.1}};
    for (int i = 0; i < COUNT(shape); i++) {
        enum { BATCH = 6 };
        GptShape s = shape[i];
        Gpt g;
        Rng rng;
        Tape tape = tape_new(true);
        int *id = xcalloc((size_t)(BATCH * s.T), sizeof *id);
        tape.recycle = true;
        gpt_init(&g, s);
        rng_seed(&rng, 1);
        gpt_randomise(&g, &rng);
        Plan p = gpt_plan_of(&s, BATCH, 1, omp_get_max_threads());
        backward(&tape, op_cross_entropy(&tape, gpt_logits(&g, &tape, gpt_forward(&g, &tape, id, BATCH, s.T, NULL, &rng, true)), id, NO_IGNORE));
        double want = (double)tape.arena.peak, got = p.activations + p.their_gradients;
        ck_assert_msg(fabs(got - want) < 0.002 * want, "plan says %.0f bytes, the step took %.0f", got, want);
        ck_assert_double_eq((double)g.params.size, p.params);
        gpt_free(&g);
        tape_free(&tape);
        free(id);
    }
}
END_TEST

START_TEST(the_profile_sees_every_operation) {
    Gpt g = small_gpt();
    Tape tape = tape_new(true);
    Profile p;
    Tensor *logits;
    profile_attach(&p, &tape);
    double start = seconds_now();
    backward(&tape, loss_of(&g, &tape, &logits));
    profile_mark(&p, NULL);
    double took = seconds_now() - start, sum = 0, flops = 0;
    for (int i = 0; i < p.rows; i++) {
        sum += p.row[i].forward + p.row[i].backward;
        if (strcmp(p.row[i].name, "op_linear") == 0) flops = p.row[i].forward_flops;
        ck_assert_msg(p.row[i].backward > 0, "%s has no time backward", p.row[i].name);
    }
    ck_assert_int_eq(p.rows, 8);
    ck_assert(sum <= took && sum > 0.5 * took);
    ck_assert_double_eq(flops, 2.0 * B * T * C * (2 * 12 * C + V));
    gpt_free(&g);
    tape_free(&tape);
}
END_TEST

int main(void) {
    TCase *c = testing_start("gpt");
    tcase_add_test(c, as_pytorch_has_it);
    tcase_add_test(c, two_groups_as_pytorch_has_them);
    tcase_add_test(c, begins_as_gpt2_does);
    tcase_add_test(c, the_cache_gives_what_attention_gives);
    tcase_add_test(c, the_rate_rises_and_falls);
    tcase_add_test(c, small_batches_add_up_to_a_large_one);
    tcase_add_test(c, what_is_unlikely_is_cut_off);
    tcase_add_test(c, presets_have_their_published_sizes);
    tcase_add_test(c, plan_counts_what_a_step_takes);
    tcase_add_test(c, the_profile_sees_every_operation);
    return testing_end();
}
