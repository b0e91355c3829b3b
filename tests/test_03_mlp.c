// test_03_mlp.c: windows, minibatches, and lesson 03's operations, against plain loops in double and finite differences.
#include "backward.h"
#include "examples.h"
#include "lrfind.h"
#include "minibatch.h"
#include "op_embedding.h"
#include "op_reshape.h"
#include "op_tanh.h"
#include "tensors.h"
#include "vectanh.h"
#include "windows.h"

#include <math.h>

// A parameter whose gradient starts at `start`, so that = in place of += shows.
static Tensor *leaf(int ndim, const int *shape, unsigned seed, float start) {
    Tensor *t = leaf_new("leaf", ndim, shape, 2, seed);
    for (size_t i = 0; i < t->size; i++) t->grad[i] = start;
    return t;
}

static void go_back(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    y->backward(y);
}

START_TEST(windows_stay_within_a_name) {
    const int id[] = {0, 5, 13, 13, 1, 0, 2, 0};     // .emma.b.
    const int want[][3] = {{0, 0, 0}, {0, 0, 5}, {0, 5, 13}, {5, 13, 13}, {13, 13, 1}, {0, 0, 0}, {0, 0, 2}};
    Examples e = examples_of((Stream){id, 8, 0}, 3);
    ck_assert_int_eq(e.N, 7);
    for (int n = 0; n < 7; n++) {
        ck_assert_int_eq(e.target[n], id[n + 1]);
        for (int k = 0; k < 3; k++) ck_assert_int_eq(e.context[n * 3 + k], want[n][k]);
    }
    examples_free(&e);
}
END_TEST

START_TEST(windows_of_a_running_text_go_through) {
    const int id[] = {3, 0, 2, 0, 1};
    const int want[][3] = {{0, 0, 3}, {0, 3, 0}, {3, 0, 2}, {0, 2, 0}};
    Examples e = examples_of((Stream){id, 5, -1}, 3);
    for (int n = 0; n < 4; n++)
        for (int k = 0; k < 3; k++) ck_assert_int_eq(e.context[n * 3 + k], want[n][k]);
    examples_free(&e);
    e = examples_of((Stream){id, 1, -1}, 3);
    ck_assert_int_eq(e.N, 0);
    examples_free(&e);
}
END_TEST

START_TEST(the_published_number_of_examples) {
    Text t;
    Error error;
    ck_assert_msg(text_load(&t, "names", NULL, &error), "%s", error.message);
    const Stream split[] = {t.train, t.val, t.test};
    const int want[] = {182625, 22655, 22866};
    for (int i = 0; i < 3; i++) {
        Examples e = examples_of(split[i], 3 + i);
        ck_assert_int_eq(e.N, want[i]);
        examples_free(&e);
    }
    text_free(&t);
}
END_TEST

START_TEST(a_minibatch_is_drawn_as_torch_randint_draws) {
    int context[20], target[10], x[8], y[4];
    for (int i = 0; i < 10; i++) { target[i] = 100 + i; context[2 * i] = i; context[2 * i + 1] = -i; }
    Rng rng, same;
    rng_seed(&rng, 42);
    rng_seed(&same, 42);
    minibatch(&rng, context, target, 10, 2, 4, x, y);
    for (int b = 0; b < 4; b++) {
        int i = (int)(rng_bits(&same) % 10);
        ck_assert_int_eq(y[b], 100 + i);
        ck_assert_int_eq(x[2 * b], i);
        ck_assert_int_eq(x[2 * b + 1], -i);
    }
}
END_TEST

START_TEST(an_embedding_looks_up_and_adds_repeated_ids) {
    enum { V = 5, C = 3, B = 2, T = 3, N = B * T };
    const int id[N] = {4, 1, 4, 0, 4, 1};
    Tape tape = tape_new(true);
    Tensor *w = leaf(2, (int[]){V, C}, 1, 0.5f);
    Tensor *y = op_embedding(&tape, w, id, B, T);
    float dy[N * C], want[V * C];
    testing_fill(dy, N * C, 1, 2);
    for (int i = 0; i < V * C; i++) want[i] = 0.5f;
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++) {
            ck_assert_float_eq(y->data[n * C + c], w->data[id[n] * C + c]);
            want[id[n] * C + c] += dy[n * C + c];
        }
    ck_assert(y->ndim == 3 && y->shape[0] == B && y->shape[1] == T && y->shape[2] == C);
    go_back(&tape, y, dy);
    testing_close("dw", w->grad, want, V * C, 1e-6, 1e-6);
    tape_free(&tape);
    leaf_free(w);
}
END_TEST

START_TEST(tanh_is_exact_to_a_few_units) {
    double worst = 0;
    for (double x = -12; x <= 12; x += 1e-4) {
        float in = (float)x, got = vec_tanh(in);
        double want = tanh((double)in), unit = fabs(nextafterf((float)want, 2) - (float)want);
        worst = fmax(worst, fabs(got - want) / fmax(unit, 1e-45));
    }
    ck_assert_msg(worst <= 6, "off by %.2f units in the last place", worst);
    ck_assert_float_eq(vec_tanh(INFINITY), 1);
    ck_assert_float_eq(vec_tanh(-INFINITY), -1);
    ck_assert(isnan(vec_tanh(NAN)));
    ck_assert_float_eq_tol(vec_tanh(1e-30f), 1e-30f, 5e-37f);
}
END_TEST

START_TEST(tanh_and_reshape_pass_gradients_on) {
    enum { N = 35 };
    Tape tape = tape_new(true);
    Tensor *x = leaf(2, (int[]){5, 7}, 3, 0.25f);
    Tensor *y = op_tanh(&tape, op_reshape(&tape, x, 3, (int[]){7, 1, 5}));
    float dy[N];
    double want[N];
    testing_fill(dy, N, 1, 4);
    for (int i = 0; i < N; i++) {
        double h = 1e-5, slope = (tanh(x->data[i] + h) - tanh(x->data[i] - h)) / (2 * h);
        want[i] = 0.25 + dy[i] * slope;
    }
    Tensor *middle = y->in[0];
    tape_want_grad(&tape, middle);
    go_back(&tape, y, dy);
    middle->backward(middle);
    testing_close_double("dx", x->grad, want, N, 1e-6, 1e-5);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

START_TEST(rates_rise_by_the_same_factor) {
    double rate[5];
    lrfind_rates(0.001, 10, 5, rate);
    for (int i = 0; i < 5; i++) ck_assert_double_eq_tol(rate[i], 0.001 * pow(10, i), 1e-12);
}
END_TEST

START_TEST(the_best_rate_is_the_valley_before_the_explosion) {
    enum { N = 1000 };
    double rate[N], loss[N];
    lrfind_rates(0.001, 10, N, rate);
    for (int i = 0; i < N; i++) loss[i] = pow(log10(rate[i]) + 1, 2) + 2;      // lowest at 0.1
    double smooth_valley = lrfind_best(rate, loss, N);
    ck_assert_msg(smooth_valley > 0.1 && smooth_valley < 0.25, "got %g; smoothing lags a little behind 0.1", smooth_valley);
    for (int i = 700; i < N; i++) loss[i] = i == 700 ? 1e9 : -100;             // after an explosion nothing counts
    ck_assert_double_eq(lrfind_best(rate, loss, N), smooth_valley);
    loss[0] = NAN;
    ck_assert_double_eq(lrfind_best(rate, loss, N), rate[0]);
}
END_TEST

int main(void) {
    TCase *c = testing_start("mlp");
    tcase_add_test(c, windows_stay_within_a_name);
    tcase_add_test(c, windows_of_a_running_text_go_through);
    testing_add_with_data(c, the_published_number_of_examples, "names");
    tcase_add_test(c, a_minibatch_is_drawn_as_torch_randint_draws);
    tcase_add_test(c, an_embedding_looks_up_and_adds_repeated_ids);
    tcase_add_test(c, tanh_is_exact_to_a_few_units);
    tcase_add_test(c, tanh_and_reshape_pass_gradients_on);
    tcase_add_test(c, rates_rise_by_the_same_factor);
    tcase_add_test(c, the_best_rate_is_the_valley_before_the_explosion);
    return testing_end();
}
