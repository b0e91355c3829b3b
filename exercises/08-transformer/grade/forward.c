// grade/forward.c of 08-transformer: the checks of feed_forward, by plain sums in double.
#include "feed_forward.h"
#include "judges.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 3e-5;

// --- an activation of the grader's own: y = x + x² / 2, so that a built-in ReLU shows ---

static int activations;

static void bent_backward(Tensor *y) {
    Tensor *x = y->in[0];
    for (size_t i = 0; i < y->size && x->grad; i++) x->grad[i] += y->grad[i] * (1 + x->data[i]);
}

static Tensor *bent(Tape *tape, Tensor *x) {
    activations++;
    Tensor *y = tape_tensor(tape, "bent", x->ndim, x->shape, bent_backward, (Tensor *[]){x, NULL});
    for (size_t i = 0; i < y->size; i++) y->data[i] = x->data[i] + x->data[i] * x->data[i] / 2;
    return y;
}

static double gelu(double x) { return x * (1 + tanh(0.7978845608028654 * (x + 0.044715 * x * x * x))) / 2; }

// --- a net and its numbers in double ---

enum { OF_X, OF_UP, OF_UP_BIAS, OF_DOWN, OF_DOWN_BIAS, PARTS };
static const char *const NAME[] = {"x", "up", "up_bias", "down", "down_bias"};

typedef enum {
    RIGHT, NO_ACTIVATION, ACTIVATION_LAST, ACTIVATION_FIRST, ACTIVATED_TWICE, ACTIVATED_BOTH, ALWAYS_RELU, ALWAYS_GELU, NO_UP_BIAS, NO_DOWN_BIAS, NO_BIASES, EXCHANGED_BIASES, UP_BIAS_LATE, UP_BIAS_TWICE,
    EXCHANGED_MATRICES, EXCHANGED_HALVES, UP_TWICE, PLUS_X, NO_DOWN
} Bug;

typedef struct {
    int N, C, F;
    Tensor *part[PARTS];        // x (...,C), up (F,C), up_bias (F), down (C,F), down_bias (C); NULL: not there
    double *v[PARTS];           // their numbers
    float *dy;
    FeedForward f;
    const char *text;
} Net;

static Net net_of(int ndim, const int *shape, int F, bool biases, bool down, float start) {
    int C = shape[ndim - 1];
    Net k = {.C = C, .F = F};
    k.part[OF_X] = given_tensor("x", ndim, shape, 51, start);
    k.part[OF_UP] = given_tensor("up", 2, (int[]){F, C}, 52, start);
    if (biases) k.part[OF_UP_BIAS] = given_tensor("up_bias", 1, &F, 53, start);
    if (down) k.part[OF_DOWN] = given_tensor("down", 2, (int[]){C, F}, 54, start);
    if (down && biases) k.part[OF_DOWN_BIAS] = given_tensor("down_bias", 1, &C, 55, start);
    for (int i = 1; i < PARTS; i++)
        for (size_t j = 0; k.part[i] && j < k.part[i]->size; j++) k.part[i]->data[j] *= 0.6f;
    for (int i = 0; i < PARTS; i++) k.v[i] = k.part[i] ? doubles(k.part[i]->data, k.part[i]->size) : NULL;
    k.N = rows_of(k.part[OF_X]);
    k.dy = given_floats((size_t)(k.N * (down ? C : F)), 56);
    k.f = (FeedForward){k.part[OF_UP], k.part[OF_UP_BIAS], k.part[OF_DOWN], k.part[OF_DOWN_BIAS], bent};
    k.text = xprintf("x is %s, F = %d, %s, %s: ", shape_text(k.part[OF_X]), F, biases ? "with biases" : "the biases are NULL", down ? "with down" : "down is NULL");
    return k;
}

static double activated(double x, Bug bug) { return bug == ALWAYS_RELU ? (x > 0 ? x : 0) : bug == ALWAYS_GELU ? gelu(x) : x + x * x / 2; }

// What row n of x becomes: y (C), or (F).
static void row_plainly(const Net *k, int n, Bug bug, double *y) {
    int C = k->C, F = k->F;
    bool halves = bug == EXCHANGED_HALVES, other = bug == EXCHANGED_MATRICES || halves, no_up_bias = bug == NO_UP_BIAS || bug == NO_BIASES || bug == UP_BIAS_LATE;
    const double *x = k->v[OF_X] + n * C, *up = k->v[other ? OF_DOWN : OF_UP], *down = k->v[other ? OF_UP : bug == UP_TWICE ? OF_UP : OF_DOWN];
    const double *up_bias = k->v[bug == EXCHANGED_BIASES || halves ? OF_DOWN_BIAS : OF_UP_BIAS], *down_bias = k->v[bug == EXCHANGED_BIASES || halves || bug == UP_BIAS_TWICE ? OF_UP_BIAS : OF_DOWN_BIAS];
    double hidden[32];
    for (int f = 0; f < F; f++) {
        double sum = up_bias && !no_up_bias ? up_bias[f] : 0;
        for (int c = 0; c < C; c++) sum += up[f * C + c] * (bug == ACTIVATION_FIRST ? activated(x[c], bug) : x[c]);
        hidden[f] = bug == NO_ACTIVATION || bug == ACTIVATION_LAST || bug == ACTIVATION_FIRST ? sum : activated(sum, bug);
        if (bug == ACTIVATED_TWICE) hidden[f] = activated(hidden[f], bug);
        if (bug == UP_BIAS_LATE && up_bias) hidden[f] += up_bias[f];
    }
    if (!down || bug == NO_DOWN) {
        memcpy(y, hidden, (size_t)F * sizeof *y);
        return;
    }
    for (int c = 0; c < C; c++) {
        double sum = down_bias && bug != NO_DOWN_BIAS && bug != NO_BIASES ? down_bias[c] : 0;
        for (int f = 0; f < F; f++) sum += down[c * F + f] * hidden[f];
        y[c] = (bug == ACTIVATION_LAST || bug == ACTIVATED_BOTH ? activated(sum, bug) : sum) + (bug == PLUS_X ? x[c] : 0);
    }
}

static float *plainly(const Net *k, Bug bug) {
    int width = k->v[OF_DOWN] ? k->C : k->F;
    float *y = filled((size_t)(k->N * width), 0);
    double row[32];
    for (int n = 0; n < k->N; n++) {
        row_plainly(k, n, bug, row);
        for (int i = 0; i < width; i++) y[n * width + i] = (float)row[i];
    }
    return y;
}

// The sum of y * dy, whose slopes are the gradients.
static double weighed(void *ctx) {
    const Net *k = ctx;
    int width = k->v[OF_DOWN] ? k->C : k->F;
    double row[32], sum = 0;
    for (int n = 0; n < k->N; n++) {
        row_plainly(k, n, RIGHT, row);
        for (int i = 0; i < width; i++) sum += row[i] * k->dy[n * width + i];
    }
    return sum;
}

static const struct { Bug bug; const char *why; } KNOWN[] = {
    {NO_ACTIVATION, "the activation is left out: then two matrices are no more than one. It comes between them"},
    {ACTIVATION_LAST, "the activation comes after the second matrix: it stands between the two"},
    {ACTIVATION_FIRST, "the activation comes before the first matrix: it stands between the two"},
    {ACTIVATED_TWICE, "the activation is applied twice"},
    {ACTIVATED_BOTH, "the activation comes after the second matrix, too: it stands between the two, and what comes out may be any number"},
    {ALWAYS_RELU, "the activation is always ReLU: it is f->activation that is called"},
    {ALWAYS_GELU, "the activation is always GELU: it is f->activation that is called"},
    {NO_UP_BIAS, "the first bias is left out: f->up_bias"},
    {NO_DOWN_BIAS, "the second bias is left out: f->down_bias"},
    {NO_BIASES, "both biases are left out: f->up_bias and f->down_bias"},
    {EXCHANGED_BIASES, "the biases are exchanged: up_bias goes with up, down_bias with down"},
    {UP_BIAS_LATE, "the first bias is added behind the activation: it is part of what goes in"},
    {UP_BIAS_TWICE, "the first bias is used with both matrices: down has f->down_bias"},
    {EXCHANGED_MATRICES, "the matrices are exchanged: first up, then down"},
    {EXCHANGED_HALVES, "up and down are exchanged, each with its bias: first up and up_bias, then the activation, then down and down_bias"},
    {UP_TWICE, "the first matrix is used twice: the second is f->down"},
    {PLUS_X, "x is added: the way round is residual's business, and there it would be added again"},
    {NO_DOWN, "the second matrix is left out"}};
enum { KNOWNS = sizeof KNOWN / sizeof *KNOWN };

static Tensor *judge_values(const Net *k, Tape *tape) {
    Tensor *x = k->part[OF_X];
    Suspect suspects[KNOWNS + 1] = {{NULL, NULL}};
    bool square = k->F == k->C;
    int count = 0;
    for (int i = 0; i < KNOWNS; i++) {
        Bug b = KNOWN[i].bug;
        bool second = b == ACTIVATION_LAST || b == ACTIVATED_BOTH || b == NO_DOWN_BIAS || b == NO_BIASES || b == UP_TWICE || b == EXCHANGED_MATRICES || b == EXCHANGED_HALVES || b == EXCHANGED_BIASES || b == UP_BIAS_TWICE || b == PLUS_X || b == NO_DOWN;
        bool fits = b != UP_TWICE && b != EXCHANGED_MATRICES && b != EXCHANGED_HALVES && b != EXCHANGED_BIASES && b != UP_BIAS_TWICE && b != NO_DOWN;
        if (k->v[OF_DOWN] ? square || fits : !second) suspects[count++] = (Suspect){KNOWN[i].why, plainly(k, b)};
    }
    activations = 0;
    int before_it = tape->count;
    Tensor *y = feed_forward(tape, x, &k->f);
    int shape[TENSOR_DIMS];
    memcpy(shape, x->shape, sizeof shape);
    if (!k->v[OF_DOWN]) shape[x->ndim - 1] = k->F;
    Tensor like = {.ndim = x->ndim};
    memcpy(like.shape, shape, sizeof shape);
    expect_shape(xprintf("%sy", k->text), y, xprintf("%s", shape_text(&like)));
    expect_floats(xprintf("%sy", k->text), y->data, plainly(k, RIGHT), y->size, y, TOLERANCE, suspects);
    if (activations != 1) reject("%sthe activation is called %d times, want once: f->activation(tape, ...)", k->text, activations);
    int made = tape->count - before_it, enough = k->v[OF_DOWN] ? 3 : 2;
    if (made > enough) reject("%s%d tensors are made, where %d are enough: each step is one call", k->text, made, enough);
    float *before = given_floats(x->size, 51);
    expect_floats("x is to be left alone: after the call x", x->data, before, x->size, x, 0, NULL);
    return y;
}

static const char SHAPES_DO_NOT_FIT[] = "first x by up, (F,C), and up_bias, (F); the activation; then that by down, (C,F), and down_bias, (C)";

void forward_values(void) {
    Tape tape = used_tape(true);
    Net square = net_of(2, (int[]){3, 4}, 4, true, true, 0), net = net_of(3, (int[]){2, 3, 5}, 7, true, true, 0), narrow = net_of(2, (int[]){4, 6}, 2, true, true, 0);
    if_stopped("op_linear: ", SHAPES_DO_NOT_FIT);
    judge_values(&square, &tape);
    judge_values(&net, &tape);
    judge_values(&narrow, &tape);
    Tape plain = used_tape(false);
    judge_values(&net, &plain);
}

void forward_parts(void) {
    Tape tape = used_tape(true);
    Net bare = net_of(3, (int[]){2, 3, 5}, 7, false, true, 0), up = net_of(3, (int[]){2, 3, 5}, 5, true, false, 0), wide = net_of(2, (int[]){4, 3}, 7, true, false, 0), only = net_of(2, (int[]){4, 3}, 5, false, false, 0);
    if_stopped("op_linear: ", SHAPES_DO_NOT_FIT);
    if_stopped("null pointer", "up_bias and down_bias may be NULL: op_linear takes that as it is, other code has to ask first");
    judge_values(&bare, &tape);
    if_stopped("null pointer", "f->down may be NULL: then only the first half is there, and what comes out of the activation is the result. Ask for that first");
    judge_values(&up, &tape);
    judge_values(&wide, &tape);
    judge_values(&only, &tape);
}

static void judge_back(Net k, float start) {
    Tape tape = used_tape(true);
    Tensor *y = judge_values(&k, &tape);
    go_all_the_way_back(&tape, y, k.dy);
    for (int i = 0; i < PARTS; i++) {
        Tensor *t = k.part[i];
        if (!t || !t->grad) continue;
        float *want = slopes_of(weighed, &k, k.v[i], t->size);
        const Suspect suspects[] = {
            {xprintf("%sthe gradient of %s stays as it was: use operations that the tape remembers, op_linear and f->activation, and hand each the tensor that the one before it returned", k.text, NAME[i]), filled(t->size, start)},
            {xprintf("%sthe gradient of %s is overwritten: it is added to what is there", k.text, NAME[i]), want},
            {NULL, NULL}};
        expect_floats(xprintf("%sthe gradient of %s", k.text, NAME[i]), t->grad, plus(start, want, t->size), t->size, t, TOLERANCE, suspects);
    }
}

void forward_back(void) {
    judge_back(net_of(3, (int[]){2, 3, 5}, 7, true, true, 0.5f), 0.5f);
    judge_back(net_of(2, (int[]){4, 3}, 5, true, false, 0.5f), 0.5f);
    judge_back(net_of(2, (int[]){4, 3}, 5, false, true, 0.5f), 0.5f);
    Net k = net_of(2, (int[]){4, 3}, 5, true, true, 0.5f);          // x from outside
    k.part[OF_X]->grad = NULL;
    k.part[OF_X]->wants_grad = false;
    k.text = "x wants no gradient: ";
    judge_back(k, 0.5f);
}
