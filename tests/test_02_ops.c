// test_02_ops.c: every operation of lesson 02 beside a plain one in double, finite differences of that, and PyTorch.
#include "backward.h"
#include "op_cross_entropy.h"
#include "op_linear.h"
#include "op_onehot.h"
#include "op_penalty.h"
#include "op_softmax.h"
#include "tensors.h"

#include "golden/ops.h"

#include <math.h>
#include <omp.h>

static const double ABSOLUTE = 1e-6, RELATIVE = 1e-5;

// --- an operation beside a plain one ---

enum { INPUTS = 3 };

typedef struct Case Case;
struct Case {
    int ndim[INPUTS], shape[INPUTS][4];     // of the inputs; 0 dimensions and no more inputs after the last
    double most;                            // how large the values are
    const int *target;
    int ignore;
    float strength;
    Tensor *(*run)(Tape *tape, const Case *c, Tensor **in);
    void (*plain)(const Case *c, double **in, double *y);
};

static size_t size_of(const Case *c, int i) {
    size_t size = 1;
    for (int d = 0; d < c->ndim[i]; d++) size *= (size_t)c->shape[i][d];
    return size;
}

static int inputs_of(const Case *c) {
    int n = 0;
    while (n < INPUTS && c->ndim[n]) n++;
    return n;
}

static double *as_doubles(const float *x, size_t n) {
    double *y = xmalloc(n * sizeof *y);
    for (size_t i = 0; i < n; i++) y[i] = x[i];
    return y;
}

// d (sum of weight y) / d in[i], by central differences in double.
static void plain_gradient(const Case *c, double **in, int i, const float *weight, double *y, size_t n, double *gradient) {
    const double h = 1e-5;
    for (size_t k = 0; k < size_of(c, i); k++) {
        double before = in[i][k];
        gradient[k] = 0;
        for (int side = -1; side <= 1; side += 2) {
            in[i][k] = before + side * h;
            c->plain(c, in, y);
            for (size_t j = 0; j < n; j++) gradient[k] += (float)side * weight[j] * y[j] / (2 * h);
        }
        in[i][k] = before;
    }
}

// Runs the operation on a tape; the gradients are added to what the leaves hold.
static void run_once(const Case *c, Tensor **in, const float *weight, float *y) {
    Tape tape = tape_new(true);
    Tensor *out = c->run(&tape, c, in);
    memcpy(y, out->data, out->size * sizeof *y);
    backward(&tape, weigh(&tape, out, weight));
    tape_free(&tape);
}

static size_t out_size(const Case *c, Tensor **in) {
    Tape tape = tape_new(false);
    size_t size = c->run(&tape, c, in)->size;
    tape_free(&tape);
    return size;
}

// An input that wants no gradient gets none, and the others' are as before.
static void check_without(const Case *c, Tensor **in, int i, const float *weight, float *y) {
    float *kept = in[i]->grad;
    in[i]->grad = NULL;
    in[i]->wants_grad = false;
    float *before[INPUTS] = {NULL};
    for (int k = 0; k < inputs_of(c); k++)
        if (k != i) {
            before[k] = memcpy(xmalloc(in[k]->size * sizeof(float)), in[k]->grad, in[k]->size * sizeof(float));
            memset(in[k]->grad, 0, in[k]->size * sizeof(float));
        }
    if (inputs_of(c) > 1) run_once(c, in, weight, y);
    ck_assert_ptr_null(in[i]->grad);
    for (int k = 0; k < inputs_of(c); k++)
        if (k != i) {
            testing_same_bits("gradient without another's", in[k]->grad, before[k], in[k]->size);
            free(before[k]);
        }
    in[i]->grad = kept;
    in[i]->wants_grad = true;
}

static void check(const Case *c) {
    Tensor *in[INPUTS];
    double *x[INPUTS];
    for (int i = 0; i < inputs_of(c); i++) {
        in[i] = leaf_new("input", c->ndim[i], c->shape[i], c->most, (unsigned)(i + 1));
        x[i] = as_doubles(in[i]->data, in[i]->size);
    }
    size_t n = out_size(c, in);
    float *y = xmalloc(n * sizeof *y), *weight = xmalloc(n * sizeof *weight);
    double *want_y = xmalloc(n * sizeof *want_y);
    testing_fill(weight, n, 1, 99);
    run_once(c, in, weight, y);
    c->plain(c, x, want_y);
    testing_close_double("value", y, want_y, n, ABSOLUTE, RELATIVE);
    for (int i = 0; i < inputs_of(c); i++) {
        double *want = xmalloc(in[i]->size * sizeof *want);
        plain_gradient(c, x, i, weight, want_y, n, want);
        testing_close_double("gradient", in[i]->grad, want, in[i]->size, ABSOLUTE, RELATIVE);
        free(want);
        check_without(c, in, i, weight, y);
    }
    // gradients add: from a start that is not zero the same is added
    for (int i = 0; i < inputs_of(c); i++) memset(in[i]->grad, 0, in[i]->size * sizeof(float));
    run_once(c, in, weight, y);
    for (int i = 0; i < inputs_of(c); i++) {
        double *want = as_doubles(in[i]->grad, in[i]->size);
        for (size_t k = 0; k < in[i]->size; k++) want[k] += in[i]->grad[k] = (float)(k % 5) - 2.5f;
        free(x[i]);
        x[i] = want;
    }
    run_once(c, in, weight, y);
    for (int i = 0; i < inputs_of(c); i++) {
        testing_close_double("gradient that was added", in[i]->grad, x[i], in[i]->size, ABSOLUTE, RELATIVE);
        free(x[i]);
        leaf_free(in[i]);
    }
    free(y);
    free(weight);
    free(want_y);
}

// --- op_linear ---

static Tensor *run_linear(Tape *tape, const Case *c, Tensor **in) { return op_linear(tape, in[0], in[1], c->ndim[2] ? in[2] : NULL); }

static void plain_linear(const Case *c, double **in, double *y) {
    int I = c->shape[1][1], O = c->shape[1][0];
    size_t N = size_of(c, 0) / (size_t)I;
    for (size_t n = 0; n < N; n++)
        for (int o = 0; o < O; o++) {
            double sum = c->ndim[2] ? in[2][o] : 0;
            for (int i = 0; i < I; i++) sum += in[0][n * (size_t)I + (size_t)i] * in[1][o * I + i];
            y[n * (size_t)O + (size_t)o] = sum;
        }
}

START_TEST(linear_is_the_plain_one) {
    const int SIZE[][3] = {{1, 1, 1}, {5, 7, 3}, {1, 17, 2}, {31, 1, 9}, {17, 33, 13}};    // N, I, O
    for (size_t k = 0; k < sizeof SIZE / sizeof *SIZE; k++)
        for (int bias = 0; bias <= 1; bias++) {
            const int *s = SIZE[k];
            check(&(Case){.ndim = {2, 2, bias}, .shape = {{s[0], s[1]}, {s[2], s[1]}, {s[2]}}, .most = 1 / sqrt(s[1]),
                          .run = run_linear, .plain = plain_linear});
        }
}
END_TEST

START_TEST(linear_takes_any_leading_dimensions) {
    Case c = {.ndim = {3, 2, 1}, .shape = {{2, 5, 3}, {7, 3}, {7}}, .most = 0.5, .run = run_linear, .plain = plain_linear};
    check(&c);
    check(&(Case){.ndim = {4, 2, 1}, .shape = {{2, 3, 1, 5}, {2, 5}, {2}}, .most = 0.5, .run = run_linear, .plain = plain_linear});
    check(&(Case){.ndim = {1, 2, 1}, .shape = {{5}, {3, 5}, {3}}, .most = 0.5, .run = run_linear, .plain = plain_linear});
    Tape tape = tape_new(false);
    Tensor *x = leaf_new("x", 3, c.shape[0], 1, 1), *w = leaf_new("w", 2, c.shape[1], 1, 2), *y = op_linear(&tape, x, w, NULL);
    ck_assert_str_eq(shape_text(y), "(2,5,7)");
    leaf_free(x);
    leaf_free(w);
    tape_free(&tape);
}
END_TEST

static int linear_that_does_not_fit(void *ctx) {
    int which = *(int *)ctx;
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("tanh", 2, (int[]){32, 72}, 1, 1), *w = leaf_new("w", 2, (int[]){256, which == 0 ? 64 : 72}, 1, 2);
    Tensor *b = leaf_new("b", 1, (int[]){which == 1 ? 255 : 256}, 1, 3), *flat = leaf_new("w", 1, (int[]){72}, 1, 4);
    op_linear(&tape, x, which == 2 ? flat : w, b);
    return 0;
}

START_TEST(linear_says_what_does_not_fit) {
    const char *word[] = {"x is (32,72) from \"tanh\", w is (256,64)", "b is (255)", "w is (72)"};
    for (int i = 0; i < 3; i++) {
        Ending end = testing_run(linear_that_does_not_fit, &i);
        testing_aborted(&end, word[i]);
    }
}
END_TEST

START_TEST(linear_is_pytorchs) {
    Tensor *x = leaf_of("x", 2, (int[]){5, 7}, LINEAR_X), *w = leaf_of("w", 2, (int[]){3, 7}, LINEAR_W);
    Tensor *b = leaf_of("b", 1, (int[]){3}, LINEAR_B);
    Tape tape = tape_new(true);
    Tensor *y = op_linear(&tape, x, w, b);
    backward(&tape, weigh(&tape, y, LINEAR_DY));
    testing_close("y", y->data, LINEAR_Y, 15, ABSOLUTE, RELATIVE);
    testing_close("dx", x->grad, LINEAR_DX, 35, ABSOLUTE, RELATIVE);
    testing_close("dw", w->grad, LINEAR_DW, 21, ABSOLUTE, RELATIVE);
    testing_close("db", b->grad, LINEAR_DB, 3, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
    leaf_free(w);
    leaf_free(b);
}
END_TEST

// --- op_softmax ---

static Tensor *run_softmax(Tape *tape, const Case *c, Tensor **in) { return (void)c, op_softmax(tape, in[0]); }

static void plain_softmax(const Case *c, double **in, double *y) {
    int V = c->shape[0][c->ndim[0] - 1];
    for (size_t at = 0; at < size_of(c, 0); at += (size_t)V) {
        double most = -INFINITY, sum = 0;
        for (int j = 0; j < V; j++) most = fmax(most, in[0][at + (size_t)j]);
        for (int j = 0; j < V; j++) sum += y[at + (size_t)j] = exp(in[0][at + (size_t)j] - most);
        for (int j = 0; j < V; j++) y[at + (size_t)j] /= sum;
    }
}

START_TEST(softmax_is_the_plain_one) {
    const int SIZE[][2] = {{1, 1}, {1, 2}, {3, 5}, {7, 17}, {2, 129}, {33, 3}};
    const double MOST[] = {0.1, 3, 40};
    for (size_t k = 0; k < sizeof SIZE / sizeof *SIZE; k++)
        for (int m = 0; m < 3; m++)
            check(&(Case){.ndim = {2}, .shape = {{SIZE[k][0], SIZE[k][1]}}, .most = MOST[m], .run = run_softmax, .plain = plain_softmax});
    check(&(Case){.ndim = {3}, .shape = {{2, 3, 5}}, .most = 2, .run = run_softmax, .plain = plain_softmax});
    check(&(Case){.ndim = {1}, .shape = {{9}}, .most = 2, .run = run_softmax, .plain = plain_softmax});
}
END_TEST

static void check_softmax_row(const float *x, const float *want, int V) {
    Tape tape = tape_new(false);
    Tensor *y = op_softmax(&tape, tape_values(&tape, "x", 1, &V, x));
    testing_close("softmax", y->data, want, (size_t)V, ABSOLUTE, RELATIVE);
    tape_free(&tape);
}

START_TEST(softmax_bears_any_size_of_numbers) {
    check_softmax_row((float[]){1000, -1000, 1000}, (float[]){0.5f, 0, 0.5f}, 3);
    check_softmax_row((float[]){-1000, -1000, -1000, -1000}, (float[]){0.25f, 0.25f, 0.25f, 0.25f}, 4);
    check_softmax_row((float[]){3e38f, -3e38f}, (float[]){1, 0}, 2);
    check_softmax_row((float[]){-INFINITY, 0, 0}, (float[]){0, 0.5f, 0.5f}, 3);
    check_softmax_row((float[]){1e-40f, 0}, (float[]){0.5f, 0.5f}, 2);
}
END_TEST

START_TEST(softmax_shows_a_nan) {
    for (int at = 0; at < 20; at++) {
        float x[20] = {0};
        x[at] = NAN;
        Tape tape = tape_new(false);
        Tensor *y = op_softmax(&tape, tape_values(&tape, "x", 1, (int[]){20}, x));
        for (int j = 0; j < 20; j++) ck_assert_msg(isnan(y->data[j]), "a NaN at %d left y[%d] = %g", at, j, y->data[j]);
        tape_free(&tape);
    }
}
END_TEST

START_TEST(softmax_is_pytorchs) {
    Tensor *x = leaf_of("x", 2, (int[]){4, 9}, SOFTMAX_X);
    Tape tape = tape_new(true);
    Tensor *y = op_softmax(&tape, x);
    backward(&tape, weigh(&tape, y, SOFTMAX_DY));
    testing_close("y", y->data, SOFTMAX_Y, 36, ABSOLUTE, RELATIVE);
    testing_close("dx", x->grad, SOFTMAX_DX, 36, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

// --- op_cross_entropy ---

static Tensor *run_cross_entropy(Tape *tape, const Case *c, Tensor **in) { return op_cross_entropy(tape, in[0], c->target, c->ignore); }

static void plain_cross_entropy(const Case *c, double **in, double *y) {
    int V = c->shape[0][c->ndim[0] - 1], N = (int)(size_of(c, 0) / (size_t)V), counted = 0;
    *y = 0;
    for (int n = 0; n < N; n++) {
        if (c->ignore != NO_IGNORE && c->target[n] == c->ignore) continue;
        double most = -INFINITY, sum = 0, *x = in[0] + n * V;
        for (int j = 0; j < V; j++) most = fmax(most, x[j]);
        for (int j = 0; j < V; j++) sum += exp(x[j] - most);
        *y += log(sum) + most - x[c->target[n]];
        counted++;
    }
    if (counted) *y /= counted;
}

START_TEST(cross_entropy_is_the_plain_one) {
    const int target[] = {0, 2, 1, 2, 2, 0, 1};
    const int SIZE[][2] = {{1, 3}, {7, 3}, {5, 17}, {2, 129}};
    const double MOST[] = {0.1, 3, 40};
    const int IGNORE[] = {NO_IGNORE, 0, 1, 2};
    for (size_t k = 0; k < sizeof SIZE / sizeof *SIZE; k++)
        for (int m = 0; m < 3; m++)
            for (int i = 0; i < 4; i++)
                check(&(Case){.ndim = {2}, .shape = {{SIZE[k][0], SIZE[k][1]}}, .most = MOST[m], .target = target, .ignore = IGNORE[i],
                              .run = run_cross_entropy, .plain = plain_cross_entropy});
    check(&(Case){.ndim = {3}, .shape = {{2, 3, 5}}, .most = 2, .target = target, .ignore = NO_IGNORE,
                  .run = run_cross_entropy, .plain = plain_cross_entropy});
    check(&(Case){.ndim = {2}, .shape = {{3, 1}}, .most = 2, .target = (int[]){0, 0, 0}, .ignore = NO_IGNORE,
                  .run = run_cross_entropy, .plain = plain_cross_entropy});
    check(&(Case){.ndim = {2}, .shape = {{3, 5}}, .most = 2, .target = (int[]){-100, 4, -100}, .ignore = -100,
                  .run = run_cross_entropy, .plain = plain_cross_entropy});
}
END_TEST

START_TEST(a_loss_with_all_ignored_is_zero_and_so_is_its_gradient) {
    Tensor *x = leaf_new("x", 2, (int[]){3, 4}, 2, 1);
    Tape tape = tape_new(true);
    Tensor *loss = op_cross_entropy(&tape, x, (int[]){9, 9, 9}, 9);
    backward(&tape, loss);
    testing_same_bits("loss", loss->data, (float[]){0}, 1);
    testing_same_bits("gradient", x->grad, (float[12]){0}, 12);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

static void check_cross_entropy(const float *x, const int *target, int ignore, int N, int V, const float *y, const float *dx) {
    Tensor *logits = leaf_of("x", 2, (int[]){N, V}, x);
    Tape tape = tape_new(true);
    Tensor *loss = op_cross_entropy(&tape, logits, target, ignore);
    backward(&tape, loss);
    testing_close("loss", loss->data, y, 1, ABSOLUTE, RELATIVE);
    testing_close("dx", logits->grad, dx, logits->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(logits);
}

START_TEST(cross_entropy_is_pytorchs) {
    check_cross_entropy(CROSS_ENTROPY_X, CROSS_ENTROPY_TARGET, NO_IGNORE, 6, 11, CROSS_ENTROPY_Y, CROSS_ENTROPY_DX);
    check_cross_entropy(CROSS_ENTROPY_X, IGNORE_TARGET, -100, 6, 11, IGNORE_Y, IGNORE_DX);
    check_cross_entropy(EXTREME_X, EXTREME_TARGET, NO_IGNORE, 3, 4, EXTREME_Y, EXTREME_DX);
}
END_TEST

START_TEST(cross_entropy_without_a_record_is_the_same) {
    Tape tape = tape_new(false);
    Tensor *loss = op_cross_entropy(&tape, tape_values(&tape, "x", 2, (int[]){3, 4}, EXTREME_X), EXTREME_TARGET, NO_IGNORE);
    testing_close("loss", loss->data, EXTREME_Y, 1, ABSOLUTE, RELATIVE);
    tape_free(&tape);
}
END_TEST

// The target is copied: what the caller does with its own is no matter.
START_TEST(targets_may_change_before_backward) {
    Tensor *x = leaf_of("x", 2, (int[]){6, 11}, CROSS_ENTROPY_X);
    int target[6];
    memcpy(target, CROSS_ENTROPY_TARGET, sizeof target);
    Tape tape = tape_new(true);
    Tensor *loss = op_cross_entropy(&tape, x, target, NO_IGNORE);
    memset(target, 0, sizeof target);
    backward(&tape, loss);
    testing_close("dx", x->grad, CROSS_ENTROPY_DX, x->size, ABSOLUTE, RELATIVE);
    tape_free(&tape);
    leaf_free(x);
}
END_TEST

static int cross_entropy_of_target(void *target) {
    Tape tape = tape_new(true);
    op_cross_entropy(&tape, tape_values(&tape, "x", 2, (int[]){3, 4}, EXTREME_X), (int[]){0, *(int *)target, 1}, NO_IGNORE);
    return 0;
}

START_TEST(a_target_out_of_range_is_refused) {
    const int BAD[] = {4, 1000000, -2, -100};
    for (int i = 0; i < 4; i++) {
        Ending end = testing_run(cross_entropy_of_target, (void *)&BAD[i]);
        testing_aborted(&end, "target[1]");
    }
}
END_TEST

// NO_IGNORE says that all rows count: an id of -1, which vocab_encode gives to what it does not know, is a mistake then.
START_TEST(an_unknown_target_is_refused_when_none_is_ignored) {
    int unknown = -1;
    Ending end = testing_run(cross_entropy_of_target, &unknown);
    testing_aborted(&end, "target[1]");
}
END_TEST

// --- large: on several threads ---

// Rows 0 to 4 of a small tensor again and again: the results must be as those of the small one.
enum { SMALL = 5, V = 131, COPIES = 200, N = SMALL * COPIES };

static void repeat(float *large, const float *small) {
    for (int k = 0; k < COPIES; k++) memcpy(large + k * SMALL * V, small, SMALL * V * sizeof *small);
}

START_TEST(large_softmax_is_as_the_small_one) {
    for (int threads = 1; threads <= 2; threads++) {
        omp_set_num_threads(threads);
        Tensor *small = leaf_new("x", 2, (int[]){SMALL, V}, 5, 1), *large = leaf_new("x", 2, (int[]){N, V}, 5, 1);
        float *weight = xmalloc(large->size * sizeof *weight), *want = xmalloc(large->size * sizeof *want);
        testing_fill(weight, small->size, 1, 2);
        repeat(large->data, small->data);
        repeat(weight, weight);
        Tape tape = tape_new(true);
        Tensor *y = op_softmax(&tape, small), *z = op_softmax(&tape, large);
        backward(&tape, weigh(&tape, y, weight));
        repeat(want, y->data);
        testing_close("value", z->data, want, large->size, ABSOLUTE, RELATIVE);
        tape_reset(&tape);
        backward(&tape, weigh(&tape, op_softmax(&tape, large), weight));
        repeat(want, small->grad);
        testing_close("gradient", large->grad, want, large->size, ABSOLUTE, RELATIVE);
        tape_free(&tape);
        free(weight);
        free(want);
        leaf_free(small);
        leaf_free(large);
    }
}
END_TEST

START_TEST(large_cross_entropy_is_as_the_small_one) {
    const int target[SMALL] = {0, 130, 77, 3, 3};
    for (int threads = 1; threads <= 2; threads++) {
        omp_set_num_threads(threads);
        Tensor *small = leaf_new("x", 2, (int[]){SMALL, V}, 5, 1), *large = leaf_new("x", 2, (int[]){N, V}, 5, 1);
        float *want = xmalloc(large->size * sizeof *want);
        int all[N];
        for (int n = 0; n < N; n++) all[n] = target[n % SMALL];
        repeat(large->data, small->data);
        Tape tape = tape_new(true);
        Tensor *y = op_cross_entropy(&tape, small, target, 3);
        float loss = y->data[0];
        backward(&tape, y);
        tape_reset(&tape);
        Tensor *z = op_cross_entropy(&tape, large, all, 3);
        backward(&tape, weigh(&tape, z, (float[]){COPIES}));
        testing_close("loss", z->data, &loss, 1, ABSOLUTE, RELATIVE);
        repeat(want, small->grad);
        testing_close("gradient", large->grad, want, large->size, ABSOLUTE, RELATIVE);
        tape_free(&tape);
        free(want);
        leaf_free(small);
        leaf_free(large);
    }
}
END_TEST

START_TEST(their_bits_do_not_depend_on_the_threads) {
    float loss[2], *y[2], *dx[2];
    int target[N];
    for (int n = 0; n < N; n++) target[n] = n % V;
    for (int k = 0; k < 2; k++) {
        omp_set_num_threads(1 + k);
        Tensor *x = leaf_new("x", 2, (int[]){N, V}, 5, 1);
        Tape tape = tape_new(true);
        Tensor *p = op_softmax(&tape, x), *mean = op_cross_entropy(&tape, p, target, NO_IGNORE);
        y[k] = memcpy(xmalloc(x->size * sizeof(float)), p->data, x->size * sizeof(float));
        loss[k] = mean->data[0];
        backward(&tape, mean);
        dx[k] = memcpy(xmalloc(x->size * sizeof(float)), x->grad, x->size * sizeof(float));
        tape_free(&tape);
        leaf_free(x);
    }
    testing_same_bits("softmax", y[1], y[0], (size_t)N * V);
    testing_same_bits("loss", &loss[1], &loss[0], 1);
    testing_same_bits("gradient", dx[1], dx[0], (size_t)N * V);
    for (int k = 0; k < 2; k++) {
        free(y[k]);
        free(dx[k]);
    }
}
END_TEST

// --- op_onehot ---

START_TEST(onehot_has_a_single_one_a_row) {
    const int id[] = {2, 0, 4, 4};
    Tape tape = tape_new(true);
    memset(tape_floats(&tape, 100), 0xff, 400);     // memory that is not zero
    tape_reset(&tape);
    Tensor *y = op_onehot(&tape, id, 4, 5);
    const float want[20] = {0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
    testing_same_bits("onehot", y->data, want, 20);
    ck_assert_str_eq(shape_text(y), "(4,5)");
    ck_assert(!y->wants_grad);
    tape_free(&tape);
}
END_TEST

static int onehot_of(void *id) {
    Tape tape = tape_new(true);
    op_onehot(&tape, (int[]){0, *(int *)id}, 2, 5);
    return 0;
}

START_TEST(onehot_refuses_ids_out_of_range) {
    for (int id = -1; id <= 5; id += 6) {
        Ending end = testing_run(onehot_of, &id);
        testing_aborted(&end, "id[1]");
    }
}
END_TEST

// --- op_penalty ---

static Tensor *run_penalty(Tape *tape, const Case *c, Tensor **in) { return op_penalty(tape, in[0], in[1], c->strength); }

static void plain_penalty(const Case *c, double **in, double *y) {
    double sum = 0;
    for (size_t i = 0; i < size_of(c, 1); i++) sum += in[1][i] * in[1][i];
    *y = in[0][0] + c->strength * sum / (double)size_of(c, 1);
}

START_TEST(penalty_is_the_plain_one) {
    const float STRENGTH[] = {0, 0.01f, 3};
    for (int k = 0; k < 3; k++) {
        Case c = {.ndim = {1, 2}, .shape = {{1}, {7, 13}}, .most = 2, .strength = STRENGTH[k], .run = run_penalty, .plain = plain_penalty};
        check(&c);
        c.shape[1][0] = c.shape[1][1] = 1;
        check(&c);
    }
}
END_TEST

START_TEST(penalty_is_pytorchs) {
    Tensor *loss = leaf_of("loss", 1, (int[]){1}, PENALTY_LOSS), *w = leaf_of("w", 2, (int[]){3, 5}, PENALTY_W);
    Tape tape = tape_new(true);
    Tensor *y = op_penalty(&tape, loss, w, 0.01f);
    backward(&tape, y);
    testing_close("y", y->data, PENALTY_Y, 1, ABSOLUTE, RELATIVE);
    testing_close("dw", w->grad, PENALTY_DW, 15, ABSOLUTE, RELATIVE);
    testing_close("dloss", loss->grad, (float[]){1}, 1, 0, 0);
    tape_free(&tape);
    leaf_free(loss);
    leaf_free(w);
}
END_TEST

static int penalty_of_many(void *ctx) {
    (void)ctx;
    Tape tape = tape_new(true);
    Tensor *x = leaf_new("x", 2, (int[]){2, 3}, 1, 1);
    op_penalty(&tape, x, x, 1);
    return 0;
}

START_TEST(penalty_wants_a_single_number) {
    Ending end = testing_run(penalty_of_many, NULL);
    testing_aborted(&end, "(2,3)");
}
END_TEST

int main(void) {
    TCase *c = testing_start("ops");
    tcase_add_test(c, linear_is_the_plain_one);
    tcase_add_test(c, linear_takes_any_leading_dimensions);
    tcase_add_test(c, linear_says_what_does_not_fit);
    tcase_add_test(c, linear_is_pytorchs);
    tcase_add_test(c, softmax_is_the_plain_one);
    tcase_add_test(c, softmax_bears_any_size_of_numbers);
    tcase_add_test(c, softmax_shows_a_nan);
    tcase_add_test(c, softmax_is_pytorchs);
    tcase_add_test(c, cross_entropy_is_the_plain_one);
    tcase_add_test(c, a_loss_with_all_ignored_is_zero_and_so_is_its_gradient);
    tcase_add_test(c, cross_entropy_is_pytorchs);
    tcase_add_test(c, cross_entropy_without_a_record_is_the_same);
    tcase_add_test(c, targets_may_change_before_backward);
    tcase_add_test(c, a_target_out_of_range_is_refused);
    tcase_add_test(c, an_unknown_target_is_refused_when_none_is_ignored);
    tcase_add_test(c, large_softmax_is_as_the_small_one);
    tcase_add_test(c, large_cross_entropy_is_as_the_small_one);
    tcase_add_test(c, their_bits_do_not_depend_on_the_threads);
    tcase_add_test(c, onehot_has_a_single_one_a_row);
    tcase_add_test(c, onehot_refuses_ids_out_of_range);
    tcase_add_test(c, penalty_is_the_plain_one);
    tcase_add_test(c, penalty_is_pytorchs);
    tcase_add_test(c, penalty_wants_a_single_number);
    return testing_end();
}
