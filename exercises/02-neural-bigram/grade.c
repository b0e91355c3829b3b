// grade.c of 02-neural-bigram: what the exercises of lesson 02 are judged by.
#include "backward.h"
#include "grade.h"
#include "op_cross_entropy.h"
#include "op_linear.h"
#include "op_softmax.h"
#include "sgd.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 2e-5;

static float *copy(const float *x, size_t n) { return memcpy(xmalloc(n * sizeof *x), x, n * sizeof *x); }

// start[i] + more[i]: what a gradient must be that was added to what was there
static float *plus(float start, const float *more, size_t n) {
    float *sum = filled(n, start);
    for (size_t i = 0; i < n; i++) sum[i] += more[i];
    return sum;
}

// Calls an operation's own backward function with a gradient that comes from behind.
static void go_back(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    y->backward(y);
}

// --- backward: a tape of single numbers, with operations that watch how they are called ---

static int calls;
static const char *first_called;

static void watched(const Tensor *out) {
    if (calls++ == 0) first_called = out->name;
    if (!out->grad) reject("the backward function of \"%s\" is called while its gradient is NULL: the loss was not made from it; skip it", out->name);
    for (int k = 0; k < TENSOR_INPUTS && out->in[k]; k++)
        if (out->in[k]->wants_grad && !out->in[k]->grad)
            reject("\"%s\" is called before its input \"%s\" has room for a gradient: call tape_want_grad for every input first", out->name, out->in[k]->name);
}

static void times_backward(Tensor *y) {
    watched(y);
    for (size_t i = 0; i < y->size; i++) y->in[0]->grad[i] += *(float *)y->saved * y->grad[i];
}

static Tensor *times(Tape *tape, const char *name, Tensor *x, float factor) {
    Tensor *y = tape_tensor(tape, name, x->ndim, x->shape, times_backward, (Tensor *[]){x, NULL});
    y->saved = tape_floats(tape, 1);
    *(float *)y->saved = factor;
    for (size_t i = 0; i < y->size; i++) y->data[i] = factor * x->data[i];
    return y;
}

static void plus_backward(Tensor *y) {
    watched(y);
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < y->size && y->in[k]->grad; i++) y->in[k]->grad[i] += y->grad[i];
}

static Tensor *sum_of(Tape *tape, const char *name, Tensor *a, Tensor *b) {
    Tensor *y = tape_tensor(tape, name, a->ndim, a->shape, plus_backward, (Tensor *[]){a, b, NULL});
    for (size_t i = 0; i < y->size; i++) y->data[i] = a->data[i] + b->data[i];
    return y;
}

static void total_backward(Tensor *y) {
    watched(y);
    for (size_t i = 0; i < y->in[0]->size; i++) y->in[0]->grad[i] += y->grad[0];
}

static Tensor *total(Tape *tape, Tensor *x) {
    Tensor *y = tape_tensor(tape, "total", 0, NULL, total_backward, (Tensor *[]){x, NULL});
    y->data[0] = 0;
    for (size_t i = 0; i < x->size; i++) y->data[0] += x->data[i];
    return y;
}

static void judge_slope(const char *what, float got, float start, float want) {
    if (calls > 0 && strcmp(first_called, "total") != 0)
        reject("%s: the first backward function called is that of \"%s\": the tape seems to be walked from front to back; a tensor's turn comes after all that was made from it, so the loss comes first", what, first_called);
    if (got == start) reject("%s: the gradient of the parameter stays %g, want %g: it never gets there. Is the loss's gradient set to 1, does the walk begin at the last node, and is every backward function called?", what, (double)start, (double)(start + want));
    expect_number(what, got, start + want, 1e-6);
}

static void chain(void) {
    Tape tape = tape_new(true);
    Tensor *x = given_tensor("x", 0, NULL, 5, 0.5f);
    Tensor *loss = total(&tape, times(&tape, "3b", times(&tape, "2x", x, 2), 3));
    backward(&tape, loss);
    judge_slope("loss = 3 (2 x): d loss / d x", x->grad[0], 0.5f, 6);
    if (loss->grad && loss->grad[0] != 1) reject("the gradient of the loss itself is %g, want 1: d loss / d loss", (double)loss->grad[0]);
    expect_int("how many backward functions were called (three tensors were made)", calls, 3);
}

static void used_twice(void) {
    Tape tape = tape_new(true);
    Tensor *a = given_tensor("a", 1, (int[]){3}, 6, 0);
    Tensor *b = sum_of(&tape, "b", a, a), *c = sum_of(&tape, "c", b, b), *d = sum_of(&tape, "d", c, b);
    backward(&tape, total(&tape, d));
    expect_int("b = a + a, c = b + b, d = c + b: how many backward functions were called", calls, 4);
    judge_slope("b = a + a, c = b + b, loss = total of c + b: d loss / d a", a->grad[1], 0, 6);
}

static void bystanders(void) {
    Tape tape = tape_new(true);
    Tensor *x = given_tensor("x", 1, (int[]){2}, 7, 0);
    Tensor *outside = tape_values(&tape, "from outside", 1, (int[]){2}, given_floats(2, 9));
    Tensor *inside = sum_of(&tape, "from outside + 2x", outside, times(&tape, "2x", x, 2));
    times(&tape, "made from x, but not used", x, 100);
    Tensor *loss = total(&tape, inside);
    times(&tape, "made after the loss", loss, 100);
    backward(&tape, loss);
    judge_slope("with tensors on the tape that the loss was not made from: d loss / d x", x->grad[0], 0, 2);
}

static void gives_back(void) {
    Tape tape = tape_new(true);
    tape.recycle = true;
    Tensor *x = given_tensor("x", 1, (int[]){5}, 8, 0), *t = x;
    for (int i = 0; i < 20; i++) t = times(&tape, "t", t, 1);
    backward(&tape, total(&tape, t));
    judge_slope("a chain of twenty: d loss / d x", x->grad[0], 0, 1);
    int kept = 0;
    for (int i = 0; i < tape.count; i++) kept += tape.node[i]->size > 4 && tape.node[i]->grad != NULL;
    if (kept > 0) reject("%d gradients are still held after they were passed on: call tape_grad_done(tape, t) after t->backward(t)", kept);
}

// --- op_linear ---

enum { N = 5, I = 3, O = 4 };

typedef enum { RIGHT, W_TRANSPOSED, BIAS_BY_ROW, LAST_ROW, MEAN, OUT_TRANSPOSED } LinearBug;

static float *linear_plainly(const Tensor *x, const Tensor *w, const Tensor *b, LinearBug bug) {
    float *y = filled(N * O, 0);
    for (int n = 0; n < N; n++)
        for (int o = 0; o < O; o++) {
            double sum = b ? b->data[bug == BIAS_BY_ROW ? n % O : o] : 0;
            for (int i = 0; i < I; i++) sum += (double)x->data[n * I + i] * w->data[bug == W_TRANSPOSED ? i * O + o : o * I + i];
            y[n * O + o] = (float)sum;
        }
    return y;
}

static void judge_linear(bool with_bias) {
    Tape tape = tape_new(true);
    Tensor *x = given_tensor("x", 2, (int[]){N, I}, 11, 0), *w = given_tensor("w", 2, (int[]){O, I}, 12, 0);
    Tensor *b = with_bias ? given_tensor("b", 1, (int[]){O}, 13, 0) : NULL;
    Tensor *y = op_linear(&tape, x, w, b);
    const Suspect suspects[] = {
        {"w is read as (I,O): it is (O,I), row o holds the weights of output o, w[o*I + i]", linear_plainly(x, w, b, W_TRANSPOSED)},
        {"the bias is left out", with_bias ? linear_plainly(x, w, NULL, RIGHT) : filled(N * O, 1e9f)},
        {"the bias goes with the row: b[o] belongs to output o, the same in every row", with_bias ? linear_plainly(x, w, b, BIAS_BY_ROW) : filled(N * O, 1e9f)},
        {NULL, NULL}};
    expect_floats(with_bias ? "with a bias, y" : "without a bias, y", y->data, linear_plainly(x, w, b, RIGHT), N * O, y, TOLERANCE, suspects);
}

static void forward_plain(void) { judge_linear(false); }
static void forward_bias(void) { judge_linear(true); }

static float *linear_dx(const float *dy, const Tensor *w, LinearBug bug) {
    float *dx = filled(N * I, 0);
    for (int n = 0; n < N; n++)
        for (int i = 0; i < I; i++)
            for (int o = 0; o < O; o++) dx[n * I + i] += dy[n * O + o] * w->data[bug == W_TRANSPOSED ? i * O + o : o * I + i];
    return dx;
}

static float *linear_dw(const float *dy, const Tensor *x, LinearBug bug) {
    float *dw = filled(O * I, 0);
    for (int n = bug == LAST_ROW ? N - 1 : 0; n < N; n++)
        for (int o = 0; o < O; o++)
            for (int i = 0; i < I; i++)
                dw[bug == OUT_TRANSPOSED ? i * O + o : o * I + i] += dy[n * O + o] * x->data[n * I + i] / (bug == MEAN ? N : 1);
    return dw;
}

static float *linear_db(const float *dy, LinearBug bug) {
    float *db = filled(O, 0);
    for (int n = bug == LAST_ROW ? N - 1 : 0; n < N; n++)
        for (int o = 0; o < O; o++) db[o] += dy[n * O + o] / (bug == MEAN ? N : 1);
    return db;
}

typedef struct {
    Tape tape;
    Tensor *x, *w, *b, *y;
    float *dy;
} Linear;

// An op_linear and its backward, called with gradients that stand at `start` already.
static Linear linear_back(float start) {
    Linear l = {.tape = tape_new(true), .dy = given_floats(N * O, 24)};
    l.x = given_tensor("x", 2, (int[]){N, I}, 21, start);
    l.w = given_tensor("w", 2, (int[]){O, I}, 22, start);
    l.b = given_tensor("b", 1, (int[]){O}, 23, start);
    l.y = op_linear(&l.tape, l.x, l.w, l.b);
    go_back(&l.tape, l.y, l.dy);
    return l;
}

static void linear_to_x(void) {
    Linear l = linear_back(0);
    const Suspect suspects[] = {{"dx uses w as if it were (I,O): dx[n][i] = sum over o of dy[n][o] w[o][i]", linear_dx(l.dy, l.w, W_TRANSPOSED)}, {NULL, NULL}};
    expect_floats("dx", l.x->grad, linear_dx(l.dy, l.w, RIGHT), N * I, l.x, TOLERANCE, suspects);
}

static void linear_to_w(void) {
    Linear l = linear_back(0);
    const Suspect suspects[] = {
        {"dW is transposed: it has the shape of w, (O,I): dw[o][i] = sum over n of dy[n][o] x[n][i]", linear_dw(l.dy, l.x, OUT_TRANSPOSED)},
        {"dW holds the last row's part only: every row n of x used the same w, so their gradients add (+=)", linear_dw(l.dy, l.x, LAST_ROW)},
        {"dW is a mean over the rows: it is their sum; the 1/N of the loss is already in dy", linear_dw(l.dy, l.x, MEAN)},
        {NULL, NULL}};
    expect_floats("dW", l.w->grad, linear_dw(l.dy, l.x, RIGHT), O * I, l.w, TOLERANCE, suspects);
}

static void judge_added(const char *what, const Tensor *t, float start, const float *more) {
    char why[200];
    snprintf(why, sizeof why, "%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", what);
    expect_floats(what, t->grad, plus(start, more, t->size), t->size, t, TOLERANCE, (const Suspect[]){{why, more}, {NULL, NULL}});
}

static void linear_to_b(void) {
    Linear l = linear_back(0);
    const Suspect suspects[] = {
        {"db holds the last row's part only: every row used the same b, so their gradients add (+=)", linear_db(l.dy, LAST_ROW)},
        {"db is a mean over the rows: it is their sum", linear_db(l.dy, MEAN)},
        {"db stays as it was: the bias is learned too, db[o] = sum over n of dy[n][o]", filled(O, 0)},
        {NULL, NULL}};
    expect_floats("db", l.b->grad, linear_db(l.dy, RIGHT), O, l.b, TOLERANCE, suspects);
    l = linear_back(0.5f);
    judge_added("db", l.b, 0.5f, linear_db(l.dy, RIGHT));
    Tape tape = tape_new(true);
    Tensor *fixed = tape_values(&tape, "w", 2, (int[]){O, I}, given_floats(O * I, 22)), *b = given_tensor("b", 1, (int[]){O}, 23, 0);
    go_back(&tape, op_linear(&tape, l.x, fixed, b), l.dy);
    expect_floats("for weights without gradient, db", b->grad, linear_db(l.dy, RIGHT), O, b, TOLERANCE, NULL);
}

static void linear_adds(void) {
    Linear l = linear_back(0.5f);
    judge_added("dx", l.x, 0.5f, linear_dx(l.dy, l.w, RIGHT));
    judge_added("dW", l.w, 0.5f, linear_dw(l.dy, l.x, RIGHT));
    Tape tape = tape_new(true);                         // an input from outside wants no gradient, and there may be no bias
    Tensor *x = tape_values(&tape, "x", 3, (int[]){1, N, I}, given_floats(N * I, 21)), *w = given_tensor("w", 2, (int[]){O, I}, 22, 0);
    go_back(&tape, op_linear(&tape, x, w, NULL), l.dy);
    expect_floats("for x of (1,5,3) without gradient and no bias, dW", w->grad, linear_dw(l.dy, l.x, RIGHT), O * I, w, TOLERANCE, NULL);
}

// --- op_softmax ---

enum { ROWS = 3, V = 5 };

typedef enum { FINE, ALL_ROWS, DIAGONAL, OVER_ROWS } SoftmaxBug;

static float *softmax_plainly(const float *x, SoftmaxBug bug) {
    float *y = filled(ROWS * V, 0);
    for (int n = 0; n < ROWS; n++) {
        double most = x[n * V], sum = 0;
        for (int j = 0; j < V; j++) most = fmax(most, x[n * V + j]);
        for (int j = 0; j < V && bug == FINE; j++) sum += exp(x[n * V + j] - most);
        for (int j = 0; j < V; j++) {
            if (bug == OVER_ROWS) {
                sum = 0;
                for (int k = 0; k < ROWS; k++) sum += exp(x[k * V + j] - most);
            } else if (bug == ALL_ROWS) {
                sum = 0;
                for (int k = 0; k < ROWS * V; k++) sum += exp(x[k] - most);
            }
            y[n * V + j] = (float)(exp(x[n * V + j] - most) / sum);
        }
    }
    return y;
}

static void judge_softmax(Tensor *x, const char *what) {
    Tape tape = tape_new(true);
    Tensor *y = op_softmax(&tape, x);
    const Suspect suspects[] = {
        {"the columns sum to 1: every row should", softmax_plainly(x->data, OVER_ROWS)},
        {"the whole sums to 1: every row should, on its own", softmax_plainly(x->data, ALL_ROWS)},
        {NULL, NULL}};
    for (size_t i = 0; i < y->size; i++)
        if (isnan(y->data[i])) reject("%s holds NaN: exp of a large number is infinite, and inf/inf is NaN; subtract the greatest of the row first", what);
    expect_floats(what, y->data, softmax_plainly(x->data, FINE), ROWS * V, y, TOLERANCE, suspects);
}

static void softmax_forward(void) { judge_softmax(given_tensor("x", 2, (int[]){ROWS, V}, 31, 0), "y"); }

static void softmax_large(void) {
    Tensor *x = given_tensor("x", 2, (int[]){ROWS, V}, 32, 0);
    for (size_t i = 0; i < x->size; i++) x->data[i] = x->data[i] * 3 + (i < V ? 1000 : i < 2 * V ? -1000 : 0);
    judge_softmax(x, "for x around 1,000, -1,000 and 0, y");
}

static float *softmax_dx(const float *y, const float *dy, SoftmaxBug bug) {
    float *dx = filled(ROWS * V, 0);
    for (int n = 0; n < ROWS; n++)
        for (int i = 0; i < V; i++)
            for (int j = 0; j < V; j++)
                if (bug == FINE || i == j) dx[n * V + i] += dy[n * V + j] * y[n * V + j] * ((i == j) - y[n * V + i]);
    return dx;
}

static Tensor *softmax_back(float start, float **dx, float **diagonal) {
    Tape tape = tape_new(true);
    Tensor *x = given_tensor("x", 3, (int[]){1, ROWS, V}, 33, start);
    float *dy = given_floats(ROWS * V, 34);
    Tensor *y = op_softmax(&tape, x);
    *dx = softmax_dx(softmax_plainly(x->data, FINE), dy, FINE);
    *diagonal = softmax_dx(softmax_plainly(x->data, FINE), dy, DIAGONAL);
    go_back(&tape, y, dy);
    return x;
}

static void softmax_gradient(void) {
    float *dx, *diagonal;
    Tensor *x = softmax_back(0, &dx, &diagonal);
    const Suspect suspects[] = {{"dx_i takes only dy_i: a larger x_i makes all other y of the row smaller too, dx_i = y_i (dy_i - sum of dy_j y_j)", diagonal}, {NULL, NULL}};
    expect_floats("dx", x->grad, dx, ROWS * V, x, TOLERANCE, suspects);
}

static void softmax_adds(void) {
    float *dx, *diagonal;
    Tensor *x = softmax_back(0.5f, &dx, &diagonal);
    judge_added("dx", x, 0.5f, dx);
}

// --- op_cross_entropy ---

static const int TARGET[] = {2, 0, 4}, SOME[] = {2, 0, 1}, NONE[] = {0, 0, 0};

// The loss over rows whose target is not `ignore`; divided by `by`, or by how many there are (0).
static double loss_plainly(const float *x, const int *target, int ignore, int by, double one) {
    double sum = 0;
    int counted = 0;
    for (int n = 0; n < ROWS; n++) {
        double most = x[n * V], total_exp = 0;
        if (target[n] == ignore) continue;
        counted++;
        for (int j = 0; j < V; j++) most = fmax(most, x[n * V + j]);
        for (int j = 0; j < V; j++) total_exp += exp(x[n * V + j] - most);
        sum += (log(total_exp) + most - x[n * V + target[n]]) * one;
    }
    return sum / (by ? by : counted);
}

static void judge_loss(const Tensor *x, const int *target, int ignore, const char *what) {
    Tape tape = tape_new(true);
    double got = op_cross_entropy(&tape, (Tensor *)x, given_ints(target, ROWS), ignore)->data[0];
    double want = loss_plainly(x->data, target, ignore, 0, 1);
    if (isnan(got) || isinf(got)) reject("%s is %g, want %.6g: subtract the greatest logit before exp, and take ln of the sum, not of a probability that may round to 0", what, got, want);
    if (fabs(got - loss_plainly(x->data, target, ignore, 1, 1)) < 1e-4) reject("%s is %.6g, the sum over the rows: want the mean, %.6g", what, got, want);
    if (fabs(got + want) < 1e-4) reject("%s is %.6g: the sign is wrong, the loss is minus the logarithm", what, got);
    if (ignore >= 0 && fabs(got - loss_plainly(x->data, target, ignore, ROWS, 1)) < 1e-4)
        reject("%s is %.6g, want %.6g: the ignored rows are left out of the sum, but still counted in the mean", what, got, want);
    if (ignore >= 0 && fabs(got - loss_plainly(x->data, target, -1, 0, 1)) < 1e-4) reject("%s is %.6g, want %.6g: rows whose target is ignore_index must not count", what, got, want);
    expect_number(what, got, want, TOLERANCE);
}

static Tensor *logits(uint32_t seed, float start) { return given_tensor("logits", 2, (int[]){ROWS, V}, seed, start); }

static void loss_forward(void) { judge_loss(logits(41, 0), TARGET, NO_IGNORE, "the loss"); }

static void loss_large(void) {
    Tensor *x = logits(42, 0);
    for (size_t i = 0; i < x->size; i++) x->data[i] *= 400;
    judge_loss(x, TARGET, NO_IGNORE, "for logits of several hundred the loss");
}

typedef enum { GOOD, NOT_DIVIDED, NO_TARGET, DIVIDED_BY_ALL, NO_INCOMING, BY_SIZE } LossBug;

static float *loss_dx(const float *x, const int *target, int ignore, float incoming, LossBug bug) {
    float *dx = filled(ROWS * V, 0), *p = softmax_plainly(x, FINE);
    int counted = 0;
    for (int n = 0; n < ROWS; n++) counted += target[n] != ignore;
    float by = bug == NOT_DIVIDED ? 1 : bug == DIVIDED_BY_ALL ? ROWS : bug == BY_SIZE ? (float)(counted * V) : (float)counted;
    for (int n = 0; n < ROWS; n++)
        for (int j = 0; j < V && target[n] != ignore; j++)
            dx[n * V + j] = (p[n * V + j] - (j == target[n] && bug != NO_TARGET)) / by * (bug == NO_INCOMING ? 1 : incoming);
    return dx;
}

static Tensor *loss_back(const int *target, int ignore, float start, float incoming) {
    Tape tape = tape_new(true);
    Tensor *x = logits(43, start);
    Tensor *loss = op_cross_entropy(&tape, x, given_ints(target, ROWS), ignore);
    go_back(&tape, loss, &incoming);
    return x;
}

static void loss_gradient(void) {
    Tensor *x = loss_back(TARGET, NO_IGNORE, 0, 1);
    const Suspect suspects[] = {
        {"the gradient is not divided by the number of rows: the loss is their mean", loss_dx(x->data, TARGET, NO_IGNORE, 1, NOT_DIVIDED)},
        {"the gradient is p, want p - y: subtract 1 at the target", loss_dx(x->data, TARGET, NO_IGNORE, 1, NO_TARGET)},
        {"the gradient is divided by N*V: the mean is over the N rows only", loss_dx(x->data, TARGET, NO_IGNORE, 1, BY_SIZE)},
        {NULL, NULL}};
    expect_floats("d logits", x->grad, loss_dx(x->data, TARGET, NO_IGNORE, 1, GOOD), ROWS * V, x, TOLERANCE, suspects);
}

static void loss_incoming(void) {
    Tensor *x = loss_back(TARGET, NO_IGNORE, 0, -2.5f);
    const Suspect suspects[] = {{"what comes in is not used: multiply by loss->grad[0], for the loss may be a part of a larger sum", loss_dx(x->data, TARGET, NO_IGNORE, 1, GOOD)}, {NULL, NULL}};
    expect_floats("when -2.5 comes in, d logits", x->grad, loss_dx(x->data, TARGET, NO_IGNORE, -2.5f, GOOD), ROWS * V, x, TOLERANCE, suspects);
    judge_added("d logits", loss_back(TARGET, NO_IGNORE, 0.5f, 1), 0.5f, loss_dx(x->data, TARGET, NO_IGNORE, 1, GOOD));
}

static void loss_ignore(void) {
    judge_loss(logits(44, 0), SOME, 0, "with targets 2, 0, 1 and ignore_index 0, the loss");
    Tensor *x = loss_back(SOME, 0, 0, 1);
    const Suspect suspects[] = {
        {"with ignore_index, the gradient is divided by all rows: divide by how many count, as the loss is", loss_dx(x->data, SOME, 0, 1, DIVIDED_BY_ALL)},
        {"ignored rows get a gradient: theirs stays 0", loss_dx(x->data, SOME, NO_IGNORE, 1, GOOD)},
        {NULL, NULL}};
    expect_floats("with ignore_index, d logits", x->grad, loss_dx(x->data, SOME, 0, 1, GOOD), ROWS * V, x, TOLERANCE, suspects);
    Tape tape = tape_new(true);
    double nothing = op_cross_entropy(&tape, x, given_ints(NONE, ROWS), 0)->data[0];
    if (nothing != 0) reject("with every row ignored the loss is %g, want 0: there is nothing to take the mean of", nothing);
}

// --- sgd ---

static void sgd_step(void) {
    Params p = {0};
    Tensor *w = params_add(&p, "w", 2, (int[]){2, 3}), *b = params_add(&p, "b", 1, (int[]){3});
    params_allocate(&p);
    float *value = given_floats(9, 51), *slope = given_floats(9, 52), *want = filled(9, 0), *up = filled(9, 0), *twice = filled(9, 0), *first = copy(value, 9);
    for (int i = 0; i < 9; i++) {
        want[i] = value[i] - 0.1f * slope[i];
        up[i] = value[i] + 0.1f * slope[i];
        twice[i] = value[i] - slope[i];
        if (i < 6) first[i] = want[i];
    }
    memcpy(p.data, value, 9 * sizeof *value);
    memcpy(p.grad, slope, 9 * sizeof *slope);
    sgd(&p, 0.1f);
    const Suspect suspects[] = {
        {"the parameters go uphill: the gradient points to where the loss grows, so subtract", up},
        {"the learning rate is left out", twice},
        {"only the first parameter moves: p->data[0 .. p->size-1] are all of them, one behind the other", first},
        {"nothing moves", value},
        {NULL, NULL}};
    expect_floats("after a step with lr = 0.1, data", p.data, want, 9, NULL, 1e-6, suspects);
    expect_floats("after the step, grad (which is to be left alone)", p.grad, slope, 9, NULL, 0, NULL);
    for (int i = 0; i < 9; i++) {       // small slopes, as those of rare characters are, and a rate to match
        p.data[i] = 1;
        p.grad[i] = 1e-7f * (float)(i + 1);
        want[i] = 1 - 1e5f * p.grad[i];
    }
    sgd(&p, 1e5f);
    expect_floats("after a step with lr = 100,000 and gradients around 1e-7, data", p.data, want, 9, NULL, 1e-6, NULL);
    (void)w;
    (void)b;
}

static const GradeCheck CHECKS[] = {
    {"backward", "the chain rule along a chain", 1, true, chain, "Backward", 0},
    {"backward", "tensors that are used more than once", 1, true, used_twice, "Why gradients add", 0},
    {"backward", "leaves alone what the loss was not made from", 1, false, bystanders, "Backward", 0},
    {"backward", "gives back gradients that were passed on", 1, false, gives_back, "Backward", 0},
    {"op_linear", "y = x Wᵀ", 1, true, forward_plain, "Tensors", 0},
    {"op_linear", "plus the bias", 1, false, forward_bias, "Tensors", 0},
    {"op_linear", "the gradient of x", 1, true, linear_to_x, "The matrix product, backwards", 0},
    {"op_linear", "the gradient of W", 1, true, linear_to_w, "The matrix product, backwards", 0},
    {"op_linear", "the gradient of the bias", 1, false, linear_to_b, "The matrix product, backwards", 0},
    {"op_linear", "gradients add up, and unwanted ones are skipped", 1, true, linear_adds, "Why gradients add", 0},
    {"op_softmax", "rows of probabilities", 1, true, softmax_forward, "Softmax", 0},
    {"op_softmax", "numbers of 1,000", 1, true, softmax_large, "Softmax", 0},
    {"op_softmax", "the gradient", 1, false, softmax_gradient, "Softmax", 0},
    {"op_softmax", "the gradient adds up", 1, false, softmax_adds, "Why gradients add", 0},
    {"op_cross_entropy", "the mean of -ln p", 1, true, loss_forward, "Cross-entropy", 0},
    {"op_cross_entropy", "logits of several hundred", 1, false, loss_large, "Cross-entropy", 0},
    {"op_cross_entropy", "the gradient p - y", 1, true, loss_gradient, "The gradient by hand", 0},
    {"op_cross_entropy", "the gradient times what comes in, added up", 1, false, loss_incoming, "Why gradients add", 0},
    {"op_cross_entropy", "ignore_index: rows that do not count", 1, false, loss_ignore, "Cross-entropy", 0},
    {"sgd", "a step downhill", 1, true, sgd_step, "Tensors", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "02-neural-bigram", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
