// test_04_batchnorm.c: lesson 04's operations and statistics, against PyTorch's figures, plain loops in double and finite differences.
#include "gradcheck.h"
#include "golden/batchnorm.h"
#include "golden/mlp.h"
#include "histogram.h"
#include "init.h"
#include "op_batchnorm.h"
#include "op_embedding.h"
#include "op_relu.h"
#include "op_tanh.h"
#include "saturation.h"
#include "tensors.h"
#include "update_ratio.h"

#include <math.h>

static const double ABSOLUTE = 1e-6, RELATIVE = 1e-5;

static Tensor *buffer(int C, const float *values) {
    Tensor *t = leaf_of("buffer", 1, &C, values);
    t->wants_grad = false;
    return t;
}

// --- against PyTorch ---

START_TEST(embedding_and_tanh_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *w = leaf_of("w", 2, (int[]){5, 3}, EMBEDDING_W);
    Tensor *y = op_embedding(&tape, w, EMBEDDING_ID, 2, 3);
    testing_same_bits("embedding", y->data, EMBEDDING_Y, y->size);
    back_twice(&tape, y, EMBEDDING_DY);
    close_to_half("dw", w->grad, EMBEDDING_DW, w->size, ABSOLUTE, RELATIVE);
    Tensor *x = leaf_of("x", 2, (int[]){5, 7}, TANH_X);
    y = op_tanh(&tape, x);
    testing_close("tanh", y->data, TANH_Y, y->size, ABSOLUTE, RELATIVE);
    back_twice(&tape, y, TANH_DY);
    close_to_half("dx", x->grad, TANH_DX, x->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(w);
    leaf_free(x);
}
END_TEST

typedef struct {
    int ndim, shape[3];
    const float *x, *gain, *bias, *mean_before, *var_before, *dy, *y, *dx, *dgain, *dbias, *mean, *var;
    const float *eval_y, *eval_dx, *eval_dgain, *eval_dbias;
} Golden;

#define GOLDEN(N) N##_X, N##_GAIN, N##_BIAS, N##_MEAN_BEFORE, N##_VAR_BEFORE, N##_DY, N##_Y, N##_DX, N##_DGAIN, N##_DBIAS, N##_MEAN, N##_VAR, \
                  N##_EVAL_Y, N##_EVAL_DX, N##_EVAL_DGAIN, N##_EVAL_DBIAS
static const Golden GOLDEN_CASE[] = {{2, {6, 5}, GOLDEN(ROWS)}, {3, {3, 4, 5}, GOLDEN(TIME)}};

START_TEST(batch_normalisation_as_in_pytorch) {
    const Golden *g = &GOLDEN_CASE[_i];
    for (int training = 1; training >= 0; training--) {
        Tape tape = tape_new(true);
        Tensor *x = leaf_of("x", g->ndim, g->shape, g->x), *gain = leaf_of("gain", 1, (int[]){5}, g->gain), *bias = leaf_of("bias", 1, (int[]){5}, g->bias);
        Tensor *mean = buffer(5, training ? g->mean_before : g->mean), *var = buffer(5, training ? g->var_before : g->var);
        BatchNorm bn = {gain, bias, mean, var, 0.3f, 1e-5f};
        Tensor *y = op_batchnorm(&tape, x, &bn, training);
        testing_close("y", y->data, training ? g->y : g->eval_y, y->size, ABSOLUTE, RELATIVE);
        testing_close("running mean", mean->data, g->mean, 5, ABSOLUTE, RELATIVE);
        testing_close("running variance", var->data, g->var, 5, ABSOLUTE, RELATIVE);
        back_twice(&tape, y, g->dy);
        close_to_half("dx", x->grad, training ? g->dx : g->eval_dx, x->size, ABSOLUTE, RELATIVE);
        close_to_half("dgain", gain->grad, training ? g->dgain : g->eval_dgain, 5, ABSOLUTE, RELATIVE);
        close_to_half("dbias", bias->grad, training ? g->dbias : g->eval_dbias, 5, ABSOLUTE, RELATIVE);
        tape_free(&tape);
        leaf_free(x);
        leaf_free(gain);
        leaf_free(bias);
        leaf_free(mean);
        leaf_free(var);
    }
}
END_TEST

START_TEST(relu_as_in_pytorch) {
    Tape tape = tape_new(true);
    Tensor *x = leaf_of("x", 2, (int[]){4, 9}, RELU_X), *y = op_relu(&tape, x);
    testing_same_bits("relu", y->data, RELU_Y, y->size);
    back_twice(&tape, y, RELU_DY);
    close_to_half("dx", x->grad, RELU_DX, x->size, ABSOLUTE, RELATIVE);
    const float edge[] = {0, -0.0f, NAN, INFINITY, -INFINITY};
    Tensor *e = op_relu(&tape, tape_values(&tape, "edge", 1, (int[]){5}, edge));
    ck_assert(e->data[0] == 0 && e->data[1] == 0 && isnan(e->data[2]) && e->data[3] == INFINITY && e->data[4] == 0);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

START_TEST(kaiming_draws_what_the_lecture_draws) {
    Rng rng;
    rng_seed(&rng, 2147483647u);
    Tensor *w = leaf_new("w", 2, (int[]){7, 30}, 1, 1);
    init_kaiming(&rng, w, init_gain(GAIN_TANH));
    testing_close("w", w->data, KAIMING_W, w->size, ABSOLUTE, RELATIVE);
    leaf_free(w);
    ck_assert_double_eq(init_gain(GAIN_LINEAR), 1);
    ck_assert_double_eq(init_gain(GAIN_RELU), sqrt(2));
}
END_TEST

// What the gain is for: the outputs of a wide layer have it as their standard deviation.
START_TEST(kaiming_keeps_the_spread) {
    enum { I = 400, O = 300 };
    Rng rng;
    rng_seed(&rng, 1);
    Tensor *w = leaf_new("w", 2, (int[]){O, I}, 1, 1);
    init_kaiming(&rng, w, 1.5);
    float x[I], y[O];
    rng_normal(&rng, x, I);
    for (int o = 0; o < O; o++) {
        y[o] = 0;
        for (int i = 0; i < I; i++) y[o] += w->data[o * I + i] * x[i];
    }
    double got = moments(y, O).deviation;
    ck_assert_msg(got > 1.3 && got < 1.7, "got %f, want about 1.5", got);
    leaf_free(w);
}
END_TEST

// --- finite differences ---

typedef struct {
    Tensor *x;
    BatchNorm bn;
    bool training;
    const float *weight;
} Case;

// The sum of weight[i] y[i], whose gradient with respect to y is the weight.
static double weighed(void *ctx) {
    Case *c = ctx;
    Tape tape = tape_new(false);
    Tensor *y = op_batchnorm(&tape, c->x, &c->bn, c->training);
    double sum = 0;
    for (size_t i = 0; i < y->size; i++) sum += (double)y->data[i] * c->weight[i];
    tape_free(&tape);
    return sum;
}

START_TEST(batch_normalisation_passes_the_gradient_check) {
    enum { N = 7, C = 3 };
    float weight[N * C];
    testing_fill(weight, N * C, 1, 9);
    Tensor *leafs[] = {leaf_new("x", 2, (int[]){N, C}, 2, 1), leaf_new("gain", 1, (int[]){C}, 2, 2), leaf_new("bias", 1, (int[]){C}, 2, 3)};
    Tensor *mean = buffer(C, (const float[]){0.3f, -0.2f, 0}), *var = buffer(C, (const float[]){0.5f, 1.5f, 1});
    Case c = {leafs[0], {leafs[1], leafs[2], mean, var, 0, 1e-5f}, _i, weight};     // momentum 0: the running estimates stay
    Tape tape = tape_new(true);
    Tensor *y = op_batchnorm(&tape, c.x, &c.bn, c.training);
    tape_want_grad(&tape, y);
    memcpy(y->grad, weight, sizeof weight);
    y->backward(y);
    for (int l = 0; l < 3; l++)
        for (size_t i = 0; i < leafs[l]->size; i++) {
            double want = gradcheck_slope(weighed, &c, &leafs[l]->data[i], 1e-2f), got = leafs[l]->grad[i];
            ck_assert_msg(fabs(got - want) < 2e-3 + 2e-3 * fabs(want), "d %s[%zu], training %d: got %f, want %f", leafs[l]->name, i, _i, got, want);
        }
    tape_free(&tape);
    for (int l = 0; l < 3; l++) leaf_free(leafs[l]);
    leaf_free(mean);
    leaf_free(var);
}
END_TEST

// --- modes ---

START_TEST(evaluation_leaves_the_running_estimates_and_sees_each_row_alone) {
    enum { N = 5, C = 4 };
    Tensor *x = leaf_new("x", 2, (int[]){N, C}, 3, 1), *gain = leaf_new("gain", 1, (int[]){C}, 1, 2), *bias = leaf_new("bias", 1, (int[]){C}, 1, 3);
    Tensor *mean = leaf_new("mean", 1, (int[]){C}, 1, 4), *var = leaf_new("var", 1, (int[]){C}, 1, 5);
    for (int c = 0; c < C; c++) var->data[c] = 1 + fabsf(var->data[c]);
    float before[2 * C];
    memcpy(before, mean->data, sizeof before / 2);
    memcpy(before + C, var->data, sizeof before / 2);
    BatchNorm bn = {gain, bias, mean, var, 0.1f, 1e-5f};
    Tape tape = tape_new(false);
    Tensor *all = op_batchnorm(&tape, x, &bn, false);
    for (int n = 0; n < N; n++) {
        Tensor *row = op_batchnorm(&tape, tape_values(&tape, "row", 2, (int[]){1, C}, x->data + n * C), &bn, false);
        testing_same_bits("a row alone", row->data, all->data + n * C, C);
    }
    testing_same_bits("mean", mean->data, before, C);
    testing_same_bits("var", var->data, before + C, C);
    tape_free(&tape);
    Tensor *every[] = {x, gain, bias, mean, var};
    for (int i = 0; i < 5; i++) leaf_free(every[i]);
}
END_TEST

static int one_row(void *ctx) {
    (void)ctx;
    Tape tape = tape_new(true);
    Tensor *v = leaf_new("v", 1, (int[]){2}, 1, 1), *x = leaf_new("x", 2, (int[]){1, 2}, 1, 1);
    op_batchnorm(&tape, x, &(BatchNorm){v, v, v, v, 0.1f, 1e-5f}, true);
    return 0;
}

START_TEST(one_row_has_no_variance) {
    Ending end = testing_run(one_row, NULL);
    testing_aborted(&end, "one row has no variance");
}
END_TEST

// --- statistics ---

START_TEST(saturated_and_dead_units_are_counted) {
    const float y[] = {0.99f, -0.99f, 0.5f, 0.98f, -0.98f, 0.2f, 0.99f, 0.99f, -0.99f};      // columns: all beyond, all beyond, one
    Tape tape = tape_new(false);
    Tensor *t = tape_values(&tape, "y", 2, (int[]){3, 3}, y);
    ck_assert_double_eq_tol(saturation(t, 0.97), 7.0 / 9, 1e-12);
    ck_assert_int_eq(saturation_dead(t, 0.97), 2);
    ck_assert_int_eq(saturation_dead(t, 0.985), 0);
    ck_assert_double_eq(saturation(t, 1), 0);
    tape_free(&tape);
}
END_TEST

START_TEST(the_update_ratio_as_in_pytorch) {
    Tensor *w = leaf_of("w", 2, (int[]){6, 5}, RATIO_W);
    memcpy(w->grad, RATIO_GRAD, sizeof RATIO_GRAD);
    ck_assert_double_eq_tol(update_ratio(w, 0.1), RATIO_LOG10[0], 1e-6);
    memset(w->grad, 0, sizeof RATIO_GRAD);
    ck_assert(isnan(update_ratio(w, 0.1)));
    leaf_free(w);
}
END_TEST

START_TEST(a_histogram_is_a_density) {
    const float x[] = {-1, -0.9f, 0, 0.1f, 0.1f, 1, 5, NAN};
    double centre[4], density[4];
    histogram(x, 8, -1, 1, 4, centre, density);
    const double want[] = {2, 0, 3, 1};
    for (int i = 0; i < 4; i++) {
        ck_assert_double_eq_tol(density[i], want[i] / (8 * 0.5), 1e-12);
        ck_assert_double_eq_tol(centre[i], -0.75 + 0.5 * i, 1e-12);
    }
    Moments m = moments((const float[]){1, 2, 3, 6}, 4);
    ck_assert_double_eq_tol(m.mean, 3, 1e-12);
    ck_assert_double_eq_tol(m.deviation, sqrt(14.0 / 3), 1e-12);
    ck_assert_double_eq(moments((const float[]){7}, 1).deviation, 0);
}
END_TEST

int main(void) {
    TCase *c = testing_start("batchnorm");
    tcase_add_test(c, embedding_and_tanh_as_in_pytorch);
    tcase_add_loop_test(c, batch_normalisation_as_in_pytorch, 0, 2);
    tcase_add_test(c, relu_as_in_pytorch);
    tcase_add_test(c, kaiming_draws_what_the_lecture_draws);
    tcase_add_test(c, kaiming_keeps_the_spread);
    tcase_add_loop_test(c, batch_normalisation_passes_the_gradient_check, 0, 2);
    tcase_add_test(c, evaluation_leaves_the_running_estimates_and_sees_each_row_alone);
    tcase_add_test(c, one_row_has_no_variance);
    tcase_add_test(c, saturated_and_dead_units_are_counted);
    tcase_add_test(c, the_update_ratio_as_in_pytorch);
    tcase_add_test(c, a_histogram_is_a_density);
    return testing_end();
}
