// grade/residual.c of 08-transformer: the checks of op_add and of residual, with a branch of the grader's own.
#include "judges.h"
#include "op_add.h"
#include "op_linear.h"
#include "op_tanh.h"
#include "residual.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 3e-5;

// --- op_add ---

typedef struct { Tensor *a, *b; float *dy; } Two;

static Two two(float start) {
    const int shape[] = {2, 3, 5};
    return (Two){given_tensor("a", 3, shape, 61, start), given_tensor("b", 3, shape, 62, start), given_floats(30, 63)};
}

// fa a + fb b
static float *mixed(const float *a, const float *b, size_t n, double fa, double fb) {
    float *y = filled(n, 0);
    for (size_t i = 0; i < n; i++) y[i] = (float)(fa * a[i] + fb * b[i]);
    return y;
}

static float *product(const float *a, const float *b, size_t n) {
    float *y = filled(n, 0);
    for (size_t i = 0; i < n; i++) y[i] = a[i] * b[i];
    return y;
}

void add_values(void) {
    Tape tape = used_tape(true);
    Two k = two(0), fresh = two(0);
    Tensor *y = op_add(&tape, k.a, k.b);
    const float *a = fresh.a->data, *b = fresh.b->data;
    const Suspect suspects[] = {
        {"y is a alone", a},
        {"y is b alone", b},
        {"y is a - b: it is the sum", mixed(a, b, 30, 1, -1)},
        {"y is the mean of a and b: it is the sum", mixed(a, b, 30, 0.5, 0.5)},
        {"y is the product of a and b: it is the sum", product(a, b, 30)},
        {"y is twice a", mixed(a, b, 30, 2, 0)},
        {NULL, NULL}};
    expect_shape("y", y, "(2,3,5)");
    if (isnan(y->data[29]) && !isnan(y->data[0])) reject("the last number of y is NaN, for it was never written: there are y->size of them, in whatever shape");
    expect_floats("y", y->data, mixed(a, b, 30, 1, 1), 30, y, TOLERANCE, suspects);
    expect_floats("a is to be left alone, for others use it too: after the call a", k.a->data, a, 30, k.a, 0, NULL);
    expect_floats("b is to be left alone, for others use it too: after the call b", k.b->data, b, 30, k.b, 0, NULL);
    y = op_add(&tape, k.a, k.a);
    expect_floats("a and b are the same tensor: y", y->data, mixed(a, b, 30, 2, 0), 30, y, TOLERANCE, NULL);
    Tape plain = used_tape(false);
    y = op_add(&plain, k.a, k.b);
    expect_floats("on a tape that does not record (evaluation), y", y->data, mixed(a, b, 30, 1, 1), 30, y, TOLERANCE, NULL);
}

static void judge_added(const char *when, const char *what, const Tensor *t, const Two *k, double times, float start) {
    const float *dy = k->dy;
    float *want = mixed(dy, dy, 30, times, 0), *half = mixed(dy, dy, 30, times / 2, 0), *minus = mixed(dy, dy, 30, -times, 0);
    const Suspect suspects[] = {
        {xprintf("%s%s stays as it was: both inputs get dy", when, what), filled(30, start)},
        {xprintf("%s%s is overwritten: a gradient is added to what is there (+=), for x has another way to the loss", when, what), mixed(dy, dy, 30, 1, 0)},
        {times == 2 ? "a and b are the same tensor, and its gradient gets dy once: it stands in the sum twice" : xprintf("%s%s is half of dy: a sum passes all of dy to both", when, what), plus(start, half, 30)},
        {xprintf("%s%s is -dy: the slope of a sum by both is 1", when, what), plus(start, minus, 30)},
        {xprintf("%s%s is dy times the other input, as for a product: the slope of a sum is 1", when, what), plus(start, product(dy, (t == k->a ? k->b : k->a)->data, 30), 30)},
        {xprintf("%s%s is dy times the input itself: the slope of a sum is 1", when, what), plus(start, product(dy, t->data, 30), 30)},
        {xprintf("%s%s gets dy twice", when, what), plus(start, mixed(dy, dy, 30, 2 * times, 0), 30)},
        {NULL, NULL}};
    expect_floats(xprintf("%s%s", when, what), t->grad, plus(start, want, 30), 30, t, TOLERANCE, suspects);
}

static void no_grad(Tensor *t) {
    t->wants_grad = false;
    t->grad = NULL;
}

void add_back(void) {
    Tape tape = used_tape(true);
    Two k = two(0);
    go_back_reading(&tape, op_add(&tape, k.a, k.b), k.dy);
    judge_added("", "da", k.a, &k, 1, 0);
    judge_added("", "db", k.b, &k, 1, 0);
    k = two(0.5f);
    go_back_reading(&tape, op_add(&tape, k.a, k.b), k.dy);
    judge_added("gradients that begin at 0.5: ", "da", k.a, &k, 1, 0.5f);
    judge_added("gradients that begin at 0.5: ", "db", k.b, &k, 1, 0.5f);
    k = two(0.5f);
    go_back_reading(&tape, op_add(&tape, k.a, k.a), k.dy);
    judge_added("a and b are the same tensor: ", "da", k.a, &k, 2, 0.5f);
    if_stopped("null pointer", "a->grad and b->grad may be NULL, where nobody wants that gradient: ask for each of them");
    k = two(0.5f);
    no_grad(k.a);
    go_back_reading(&tape, op_add(&tape, k.a, k.b), k.dy);
    judge_added("a wants no gradient (its grad is NULL): ", "db", k.b, &k, 1, 0.5f);
    k = two(0.5f);
    no_grad(k.b);
    go_back_reading(&tape, op_add(&tape, k.a, k.b), k.dy);
    judge_added("b wants no gradient (its grad is NULL): ", "da", k.a, &k, 1, 0.5f);
}

// --- residual: a branch x -> tanh(x) Wᵀ, that notes how it is called ---

enum { B = 2, T = 3, C = 5, SIZE = B * T * C };

typedef struct {
    Tensor *w;                  // (C,C); NULL: the branch returns what it is given
    const Tape *tape;
    int calls;
} Branched;

static Tensor *branched(void *ctx, Tape *tape, Tensor *x) {
    Branched *k = ctx;
    if (!k) reject("the branch is called with ctx NULL: hand it the ctx that residual was given; attention's weights are in there");
    if (tape != k->tape) reject("the branch is called with another tape than residual was given");
    if (!x) reject("the branch is called with x NULL");
    k->calls++;
    return k->w ? op_linear(tape, op_tanh(tape, x), k->w, NULL) : x;
}

typedef struct {
    Residual r;
    Tape tape;
    Tensor *x, *gain, *bias;
    Branched branch;
    double *vx, *vskip, *vgain, *vbias, *vw;    // their numbers; vskip: x on its way round
    float *dy;
    const char *text;
} Case;

static const char *const PLACE[] = {"NORM_NONE", "NORM_PRE", "NORM_POST"};

static Case case_of(NormPlace place, bool skip, bool bias, bool identity, float start) {
    Case k = {.tape = used_tape(true), .x = given_tensor("x", 3, (int[]){B, T, C}, 71, start), .dy = given_floats(SIZE, 75)};
    int width = C;
    k.gain = given_tensor("gain", 1, &width, 72, start);
    k.bias = given_tensor("bias", 1, &width, 73, start);
    for (int i = 0; i < SIZE; i++) k.x->data[i] += 0.5f * (float)(i / C % 3) - 0.3f * (float)(i % C);
    k.branch = (Branched){.w = identity ? NULL : given_tensor("w", 2, (int[]){C, C}, 74, start)};
    k.r = (Residual){place, skip, place == NORM_NONE ? NULL : k.gain, place == NORM_NONE || !bias ? NULL : k.bias};
    k.vx = doubles(k.x->data, SIZE);
    k.vskip = doubles(k.x->data, SIZE);
    k.vgain = doubles(k.gain->data, C);
    k.vbias = doubles(k.bias->data, C);
    for (int c = 0; c < C && !bias; c++) k.vbias[c] = 0;
    k.vw = identity ? NULL : doubles(k.branch.w->data, C * C);
    k.text = xprintf("%s, %s%s%s: ", PLACE[place], skip ? "with the way round (skip)" : "skip false", place != NORM_NONE && !bias ? ", bias NULL" : "", identity ? ", a branch that returns what it is given" : "");
    return k;
}

// One row of (C).
typedef struct { double c[C]; } Row;

static Row normed(const Case *k, Row x, bool exchanged, bool no_bias) {
    double m = 0, v = 0;
    for (int c = 0; c < C; c++) m += x.c[c] / C;
    for (int c = 0; c < C; c++) v += (x.c[c] - m) * (x.c[c] - m) / C;
    for (int c = 0; c < C; c++) {
        double u = (x.c[c] - m) / sqrt(v + 1e-5);
        x.c[c] = exchanged ? u * k->vbias[c] + k->vgain[c] : u * k->vgain[c] + (no_bias ? 0 : k->vbias[c]);
    }
    return x;
}

static Row through(const Case *k, Row x) {
    Row y = {{0}};
    if (!k->vw) return x;
    for (int o = 0; o < C; o++)
        for (int i = 0; i < C; i++) y.c[o] += k->vw[o * C + i] * tanh(x.c[i]);
    return y;
}

static Row sum(Row a, Row b) {
    for (int c = 0; c < C; c++) a.c[c] += b.c[c];
    return a;
}

// x on its way round, and x on its way into the branch; n norm, b branch.
typedef enum {
    X_BN, N_X_B, X_B, BN, N_B, JUST_B,              // what it may be: x + b(n(x)), n(x + b(x)), x + b(x), and without the way round
    NX_BN, N_X_BN, X_NB, X_NBN, NN_X_B, X_BNN, NX_B, XX_BN, XX_B, N_XX_B, X_BB, X_BNB, BX_B, B_X_N, X_ONLY, NX_ONLY, N_NX_B, NBN, NNB, BNN, X_N_X_B, NX_NB, BB, BN_BN, N_B_B,
    EXCHANGED, NO_BIAS
} Form;

static Row form_of(const Case *k, Form form, Form right, Row s, Row x) {
    bool ex = form == EXCHANGED, nb = form == NO_BIAS;
    if (ex || nb) form = right;
#define N(row) normed(k, row, ex, nb)
#define F(row) through(k, row)
    switch (form) {
    case X_BN: return sum(s, F(N(x)));
    case N_X_B: return N(sum(s, F(x)));
    case X_B: return sum(s, F(x));
    case BN: return F(N(x));
    case N_B: return N(F(x));
    case JUST_B: return F(x);
    case NX_BN: return sum(N(s), F(N(x)));
    case N_X_BN: return N(sum(s, F(N(x))));
    case X_NB: return sum(s, N(F(x)));
    case X_NBN: return sum(s, N(F(N(x))));
    case NN_X_B: return N(N(sum(s, F(x))));
    case X_BNN: return sum(s, F(N(N(x))));
    case NX_B: return sum(N(s), F(x));
    case XX_BN: return sum(sum(s, s), F(N(x)));
    case XX_B: return sum(sum(s, s), F(x));
    case N_XX_B: return N(sum(sum(s, s), F(x)));
    case X_BB: return sum(s, F(F(x)));
    case X_BNB: return sum(s, F(N(F(x))));
    case BX_B: return sum(F(x), F(x));
    case B_X_N: return F(sum(s, N(x)));
    case X_ONLY: return s;
    case NX_ONLY: return N(s);
    case N_NX_B: return N(sum(N(s), F(x)));
    case NBN: return N(F(N(x)));
    case NNB: return N(N(F(x)));
    case BNN: return F(N(N(x)));
    case X_N_X_B: return sum(s, N(sum(s, F(x))));
    case NX_NB: return sum(N(s), N(F(x)));
    case BB: return F(F(x));
    case BN_BN: return sum(F(N(x)), F(N(x)));
    case N_B_B: return N(sum(F(x), F(x)));
    default: return sum(s, (Row){{0}});
    }
#undef N
#undef F
}

static Form right_of(const Residual *r) {
    if (r->place == NORM_PRE) return r->skip ? X_BN : BN;
    if (r->place == NORM_POST) return r->skip ? N_X_B : N_B;
    return r->skip ? X_B : JUST_B;
}

static Row row_at(const Case *k, Form form, int n) {
    Row s, x;
    memcpy(s.c, k->vskip + n * C, sizeof s.c);
    memcpy(x.c, k->vx + n * C, sizeof x.c);
    return form_of(k, form, right_of(&k->r), s, x);
}

static float *plainly(const Case *k, Form form) {
    float *y = filled(SIZE, 0);
    for (int n = 0; n < SIZE / C; n++) {
        Row row = row_at(k, form, n);
        for (int c = 0; c < C; c++) y[n * C + c] = (float)row.c[c];
    }
    return y;
}

static double weighed(void *ctx) {
    const Case *k = ctx;
    double all = 0;
    for (int n = 0; n < SIZE / C; n++) {
        Row row = row_at(k, right_of(&k->r), n);
        for (int c = 0; c < C; c++) all += row.c[c] * k->dy[n * C + c];
    }
    return all;
}

// What learners write, for each of the forms that may be asked for.
static const struct { Form right, form; const char *why; } KNOWN[] = {
    {X_BN, N_X_B, "pre and post are exchanged: with NORM_PRE the norm stands before the branch, y = x + branch(norm(x))"},
    {X_BN, X_B, "you normalise nothing: with NORM_PRE the norm stands before the branch, y = x + branch(norm(x))"},
    {X_BN, NX_BN, "the way round begins behind the norm: what is added is x itself, as it came. Else no gradient goes round freely"},
    {X_BN, BN, "r->skip is true, and x is not added: y = x + branch(norm(x))"},
    {X_BN, N_X_BN, "the sum is normalised, too: with NORM_PRE the norm is for what goes into the branch only"},
    {X_BN, X_NB, "the norm stands behind the branch: with NORM_PRE it is for what goes into it"},
    {X_BN, X_NBN, "there is a norm behind the branch, too: with NORM_PRE only what goes into it is normalised"},
    {X_BN, X_BNN, "what goes into the branch is normalised twice"},
    {X_BN, NX_B, "what goes round is normalised, and the branch gets x: it is the other way round"},
    {X_BN, BN_BN, "the branch is added to itself: y = x + branch(norm(x)), with the x that came in"},
    {X_BN, XX_BN, "x is added twice"},
    {X_BN, X_BNB, "you call the branch, then the norm, and then the branch again: the norm, and then the branch, once"},
    {X_BN, B_X_N, "you add x before the branch: it goes round it, and is added behind"},
    {N_X_B, X_BN, "pre and post are exchanged: with NORM_POST the norm stands after the sum, y = norm(x + branch(x))"},
    {N_X_B, X_B, "you normalise nothing: with NORM_POST the norm stands after the sum, y = norm(x + branch(x))"},
    {N_X_B, N_B, "r->skip is true, and x is not added: y = norm(x + branch(x))"},
    {N_X_B, NN_X_B, "the sum is normalised twice"},
    {N_X_B, N_X_BN, "what goes into the branch is normalised, too: with NORM_POST only the sum is"},
    {N_X_B, X_NB, "the norm is taken of the branch alone: with NORM_POST x is added first, and the sum normalised"},
    {N_X_B, NX_B, "the norm is taken of x alone: with NORM_POST the sum is normalised"},
    {N_X_B, NX_NB, "x and the branch are normalised one by one: with NORM_POST their sum is"},
    {N_X_B, X_N_X_B, "x is added once more behind the norm: y = norm(x + branch(x))"},
    {N_X_B, N_B_B, "the branch is added to itself: y = norm(x + branch(x))"},
    {N_X_B, N_XX_B, "x is added twice"},
    {N_X_B, N_NX_B, "x is normalised before it is added, too: with NORM_POST the sum is"},
    {X_B, JUST_B, "r->skip is true, and x is not added: y = x + branch(x), without a norm too"},
    {X_B, XX_B, "x is added twice"},
    {X_B, BX_B, "the branch is added to itself: y = x + branch(x)"},
    {BN, X_BN, "r->skip is false, and yet x is added: y = branch(norm(x))"},
    {BN, JUST_B, "you leave out the norm where skip is false: want y = branch(norm(x))"},
    {BN, N_B, "your norm stands behind the branch where skip is false: with NORM_PRE it is before it, y = branch(norm(x))"},
    {BN, NBN, "you normalise before and after the branch where skip is false: want one norm, y = branch(norm(x))"},
    {BN, BNN, "you normalise twice what goes into the branch where skip is false: want y = branch(norm(x))"},
    {N_B, N_X_B, "r->skip is false, and yet x is added: y = norm(branch(x))"},
    {N_B, JUST_B, "you leave out the norm where skip is false: want y = norm(branch(x))"},
    {N_B, BN, "your norm stands before the branch where skip is false: with NORM_POST it is after it, y = norm(branch(x))"},
    {N_B, NBN, "you normalise before and after the branch where skip is false: want one norm, y = norm(branch(x))"},
    {N_B, NNB, "you normalise twice what comes out of the branch where skip is false: want y = norm(branch(x))"},
    {JUST_B, X_B, "r->skip is false, and yet x is added: y = branch(x)"},
};

// The same for all of them.
static const struct { Form form; const char *why; } ALWAYS[] = {
    {X_ONLY, "y is x: the branch does not get there"},
    {BB, "the branch is called on what it has returned"},
    {X_BB, "the branch is called twice, one on the other"},
    {EXCHANGED, "the norm's gain and bias are exchanged: op_layernorm(tape, ..., r->gain, r->bias)"},
    {NO_BIAS, "the norm's bias is left out: op_layernorm(tape, ..., r->gain, r->bias)"}};

static Tensor *judge_values(Case *k) {
    enum { ROOM = COUNT(KNOWN) + COUNT(ALWAYS) + 1 };
    Suspect suspects[ROOM] = {{NULL, NULL}};
    Form right = right_of(&k->r);
    int count = 0;
    for (int i = 0; i < COUNT(KNOWN); i++)
        if (KNOWN[i].right == right) suspects[count++] = (Suspect){KNOWN[i].why, plainly(k, KNOWN[i].form)};
    for (int i = 0; i < COUNT(ALWAYS); i++) suspects[count++] = (Suspect){ALWAYS[i].why, plainly(k, ALWAYS[i].form)};
    for (Suspect *s = suspects; s->why; s++) s->why = xprintf("%s%s", k->text, s->why);
    if (k->r.place == NORM_NONE) if_stopped("null pointer", "with NORM_NONE there is no norm, and r->gain and r->bias are NULL: ask for r->place before op_layernorm is called");
    k->branch.tape = &k->tape;
    float *before = copy(k->x->data, SIZE);
    Tensor *y = residual(&k->tape, k->x, &k->r, branched, &k->branch);
    expect_shape(xprintf("%sy", k->text), y, "(2,3,5)");
    if (memcmp(before, k->x->data, sizeof(float) * SIZE) != 0)
        reject("%safter the call x is another: it is to be left alone. Let op_add make the sum: what is written into a tensor that is there already, the tape does not know, and the tensor may be somebody else's", k->text);
    bool known = false;
    for (Suspect *s = suspects; s->why; s++) known = known || is_close(y->data, s->values, SIZE);
    if (k->branch.calls == 0) reject("%sthe branch is never called: branch(ctx, tape, ...) is attention, or the feed-forward net, and what it returns is the point of it all", k->text);
    if (k->branch.calls != 1 && !known) reject("%sthe branch is called %d times, want once: attention is dear, and with dropout each call draws other numbers", k->text, k->branch.calls);
    expect_floats(xprintf("%sy", k->text), y->data, plainly(k, right), SIZE, y, TOLERANCE, suspects);
    return y;
}

static void judge(NormPlace place, bool skip) {
    Case k = case_of(place, skip, true, false, 0), bare = case_of(place, skip, false, false, 0), identity = case_of(place, skip, true, true, 0), plain = case_of(place, skip, true, false, 0);
    judge_values(&k);
    if (place != NORM_NONE) {
        if_stopped("null pointer", "r->bias may be NULL: op_layernorm takes that as it is");
        judge_values(&bare);
    }
    judge_values(&identity);
    plain.tape = used_tape(false);
    plain.text = xprintf("on a tape that does not record (evaluation), %s", plain.text);
    judge_values(&plain);
}

// --- residual, back ---

static void judge_grad(const Case *k, const char *what, const Tensor *t, const float *want, const Suspect *suspects, float start) {
    expect_floats(xprintf("%sthe gradient of %s", k->text, what), t->grad, plus(start, want, t->size), t->size, t, TOLERANCE, suspects);
}

static void judge_weights(Case *k, const char *what, const Tensor *t, double *v, float start) {
    float *want = slopes_of(weighed, k, v, t->size);
    const Suspect suspects[] = {{xprintf("%sthe gradient of %s stays as it was: hand on the tensors that the operations return; numbers that are only copied the tape does not know", k->text, what), filled(t->size, start)}, {NULL, NULL}};
    judge_grad(k, what, t, want, suspects, start);
}

static void judge_back(NormPlace place, bool skip) {
    const float start = 0.5f;
    Case k = case_of(place, skip, true, false, start);
    go_all_the_way_back(&k.tape, judge_values(&k), k.dy);
    float *by_branch = slopes_of(weighed, &k, k.vx, SIZE), *round_it = slopes_of(weighed, &k, k.vskip, SIZE);
    float *both = mixed(by_branch, round_it, SIZE, 1, 1);
    const Suspect suspects[] = {
        {xprintf("%sthe gradient of x comes back through the branch alone: nothing flows by the way round. x was added to the numbers, and the tape does not know; op_add makes a tensor that remembers both", k.text), plus(start, by_branch, SIZE)},
        {xprintf("%sthe gradient of x comes back by the way round alone: nothing flows through the branch. Add the tensor that the branch returns, with op_add", k.text), plus(start, round_it, SIZE)},
        {xprintf("%sthe gradient of x stays as it was", k.text), filled(SIZE, start)},
        {xprintf("%sthe gradient of x comes back twice by the way round", k.text), plus(start, mixed(by_branch, round_it, SIZE, 1, 2), SIZE)},
        {NULL, NULL}};
    judge_grad(&k, "x", k.x, skip ? both : by_branch, skip ? suspects : suspects + 2, start);
    judge_weights(&k, "the branch's weights", k.branch.w, k.vw, start);
    if (place == NORM_NONE) return;
    judge_weights(&k, "the norm's gain", k.gain, k.vgain, start);
    judge_weights(&k, "the norm's bias", k.bias, k.vbias, start);
}

// --- the checks: what is core judges pre-norm alone ---

void residual_pre(void) { judge(NORM_PRE, true); }
void residual_back(void) { judge_back(NORM_PRE, true); }

void residual_post(void) {
    judge(NORM_POST, true);
    judge_back(NORM_POST, true);
}

void residual_without(void) {
    judge(NORM_NONE, true);
    judge(NORM_NONE, false);
    judge(NORM_PRE, false);
    judge(NORM_POST, false);
    Case k = case_of(NORM_NONE, true, true, false, 0);      // what r->place says counts, not whether there is a gain
    k.r.gain = k.gain;
    k.r.bias = k.bias;
    k.text = "NORM_NONE, though r->gain is there (r->place alone says whether there is a norm): ";
    judge_values(&k);
    judge_back(NORM_NONE, true);
    judge_back(NORM_PRE, false);
    judge_back(NORM_POST, false);
}
