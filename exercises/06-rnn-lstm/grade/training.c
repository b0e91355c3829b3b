// grade/training.c of 06-rnn-lstm: the checks of clip, adamw and op_dropout.
#include "judges.h"
#include "adamw.h"
#include "clip.h"
#include "op_dropout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 2e-5;

static float *copy_of(const float *x, size_t n) { return memcpy(filled(n, 0), x, n * sizeof *x); }

// Parameters "a" (3,2), "b" (4), "c" (1): 11 numbers.
enum { MANY = 11 };
static const int FROM[] = {0, 6, 10, MANY};

static Params given_params(void) {
    Params p = {0};
    params_add(&p, "a", 2, (int[]){3, 2});
    params_add(&p, "b", 1, (int[]){4});
    params_add(&p, "c", 1, (int[]){1});
    params_add_buffer(&p, "kept", 1, (int[]){2});
    params_allocate(&p);
    memcpy(p.data, given_floats(MANY, 31), MANY * sizeof(float));
    return p;
}

// --- clip ---

static double length_of(const float *g, int from, int to) {
    double sum = 0;
    for (int i = from; i < to; i++) sum += (double)g[i] * g[i];
    return sqrt(sum);
}

typedef struct { const char *why; double value; } Number;

static void judge_length(const char *what, double got, double want, const Number *suspects) {
    if (fabs(got - want) <= 1e-6 * want) return;
    for (; suspects->why; suspects++)
        if (fabs(got - suspects->value) <= 1e-5 * fabs(suspects->value)) reject("%s is %.8g, want %.8g: %s", what, got, want, suspects->why);
    reject("%s is %.8g, want %.8g: the square root of the sum of the squares of all %d gradients", what, got, want, MANY);
}

void clip_length(void) {
    Params p = given_params();
    float *g = given_floats(MANY, 32);
    memcpy(p.grad, g, MANY * sizeof *g);
    double want = length_of(g, 0, MANY), sum = 0, most = 0, mean = want / sqrt(MANY), parts = 0, total = 0;
    for (int i = 0; i < MANY; i++) {
        sum += fabs((double)g[i]);
        total += g[i];
        most = fmax(most, fabs((double)g[i]));
    }
    for (int k = 0; k < 3; k++) parts += length_of(g, FROM[k], FROM[k + 1]);
    const Number suspects[] = {
        {"that is the sum of the squares; the length is its square root", want * want},
        {"that is the sum of the sizes, |g|: square each, add, and take the square root", sum},
        {"that is the sum itself: square each gradient first", total},
        {"that is the greatest gradient: the length is the square root of the sum of all squares", most},
        {"that is the root of the mean square: the sum is not divided by how many there are", mean},
        {"the mean of the squares: the sum is not divided by how many there are, and the length is its square root", mean * mean},
        {"that is the sum of the lengths of the parameters, one by one: all of them together are one long vector", parts},
        {"that is the length of the first parameter's gradient only: p->grad holds those of all, p->size numbers", length_of(g, FROM[0], FROM[1])},
        {"that is the length of the weights: it is asked for the gradients, p->grad", length_of(p.data, 0, MANY)},
        {NULL, 0}};
    judge_length("the length of the gradients (clip_norm)", clip_norm(&p), want, suspects);
    if (memcmp(p.grad, g, MANY * sizeof *g) != 0) reject("clip_norm changes the gradients: it only measures");
    for (int i = 0; i < MANY; i++) p.grad[i] = g[i] * 1e25f;
    double huge = clip_norm(&p);
    if (isinf(huge)) reject("gradients of about 1e25 have the length infinity, want %.4g: their squares are too large for a float; multiply and add in double", want * 1e25);
    judge_length("the length of gradients of about 1e25", huge, want * (double)1e25f, (const Number[]){{NULL, 0}});
    for (int i = 0; i < MANY; i++) p.grad[i] = g[i] * 1e-25f;
    double tiny = clip_norm(&p);
    if (tiny == 0) reject("gradients of about 1e-25 have the length 0, want %.4g: their squares are too small for a float; multiply and add in double", want * 1e-25);
}

// Gradients g, clipped to `most`.
static void judge_clip(const float *g, double most) {
    Params p = given_params();
    float *data = copy_of(p.data, MANY);
    memcpy(p.grad, g, MANY * sizeof *g);
    double norm = length_of(g, 0, MANY);
    if (!(fabs(clip_norm(&p) - norm) <= 1e-5 * norm)) reject("the length of the gradients (clip_norm) is not right yet, so what is done by it cannot be: see the check above");
    double got = clip(&p, most);
    bool shorter = most > 0 && norm > most;
    char *what = xprintf("length %.4g, most %g: ", norm, most);
    float *want = copy_of(g, MANY), *each = copy_of(g, MANY), *by_value = copy_of(g, MANY), *to_one = copy_of(g, MANY), *squared = copy_of(g, MANY), *up = copy_of(g, MANY), *less = copy_of(g, MANY),
          *first = copy_of(g, MANY), *turned = copy_of(g, MANY), *by_most = copy_of(g, MANY);
    for (int k = 0; k < 3; k++)
        for (int i = FROM[k]; i < FROM[k + 1]; i++) {
            double one = length_of(g, FROM[k], FROM[k + 1]), scale = shorter ? most / norm : 1;
            want[i] = (float)(g[i] * scale);
            if (most > 0 && one > most) each[i] = (float)(g[i] * most / one);
            by_value[i] = (float)fmin(most, fmax(-most, g[i]));
            to_one[i] = (float)(g[i] / norm);
            squared[i] = (float)(g[i] * most / (norm * norm));
            up[i] = (float)(g[i] * most / norm);
            less[i] = (float)(g[i] - scale * most);
            if (k == 0) first[i] = want[i];
            turned[i] = (float)(g[i] * norm / most);
            by_most[i] = (float)(g[i] / most);
        }
    if (!shorter && memcmp(p.grad, g, MANY * sizeof *g) != 0) {
        if (most <= 0) reject("%sthe gradients change: most 0 means that they may be of any length", what);
        if (is_close(p.grad, up, MANY)) reject("%sshort gradients are made longer: only those longer than `most` are scaled", what);
    }
    const Suspect suspects[] = {
        {xprintf("%severy parameter is clipped by its own length: it is the length of all together that counts, so all are scaled by one factor, and the direction stays", what), each},
        {xprintf("%severy gradient is cut off at +-most by itself: all are scaled by one factor, most / norm, so that the direction stays", what), by_value},
        {xprintf("%sthe gradients have the length 1 now: multiply by most / norm, not by 1 / norm", what), shorter ? to_one : g},
        {xprintf("%sthe factor is most / norm²: it is most / norm", what), squared},
        {xprintf("%sthe factor is norm / most: turn it round", what), shorter ? turned : g},
        {xprintf("%sthe gradients are divided by most: the factor is most / norm", what), shorter ? by_most : g},
        {xprintf("%sonly the first parameter's gradients are scaled: p->grad holds those of all, p->size numbers", what), first},
        {xprintf("%sthe gradients stay as they are: they are longer than `most`", what), shorter ? g : by_most},
        {NULL, NULL}};
    expect_floats(xprintf("%sthe gradients, ", what), p.grad, want, MANY, NULL, TOLERANCE, suspects);
    if (shorter && fabs(got - most) < 1e-4 * most) reject("%sthe length after clipping is returned: return the one before, for the log", what);
    expect_number(xprintf("%swhat clip returns", what), got, norm, 1e-6);
    if (memcmp(p.data, data, MANY * sizeof *data) != 0) reject("%sthe weights change: only gradients are clipped", what);
}

void clip_scales(void) {
    float *g = given_floats(MANY, 33), *small = filled(MANY, 0);
    for (int i = 0; i < MANY; i++) g[i] = i == 10 ? 0.1f : g[i] * 2;
    for (int i = 0; i < MANY; i++) small[i] = g[i] * 0.01f;
    judge_clip(g, 2.5);
    judge_clip(g, 0.7);
    judge_clip(small, 1);
    judge_clip(g, 10);
    judge_clip(small, 0.05);
    judge_clip(g, 1000);
    judge_clip(g, 0);
    judge_clip(filled(MANY, 0), 1);
    for (int k = 0; k < 2; k++) {
        Params p = given_params();
        memcpy(p.grad, g, MANY * sizeof *g);
        p.grad[7] = k ? INFINITY : NAN;
        double norm = clip(&p, 1);
        if (memcmp(p.grad, g, 7 * sizeof *g) != 0)
            reject("one gradient is %s, so the length is, and yet the others are scaled by it: where the length is no finite number the gradients stay as they are", k ? "infinite" : "NaN");
        if (k ? !isinf(norm) : !isnan(norm)) reject("one gradient is %s, and clip returns %g: return the length, whatever it is, for the log to show it", k ? "infinite" : "NaN", norm);
    }
}

// --- adamw ---

typedef enum {
    ADAM, NO_CORRECTION, ONLY_M_CORRECTED, ONLY_V_CORRECTED, NO_POWER, M_NO_POWER, V_NO_POWER, STEP_STAYS, STEP_LATE, M_AS_V, EPS_INSIDE, EPS_BEFORE, NO_EPS, NO_ROOT, V_NOT_SQUARED, V_OF_M, M_FORGOTTEN, V_FORGOTTEN, M_PLAIN_SUM, KEPT_CORRECTED, SKIPS_ZEROS,
    G_FOR_M, NO_BETA1, FIXED_BETAS, FIRST_PARAM, UPHILL, L2, L2_TOO, NO_DECAY, DECAY_WITHOUT_LR, DECAY_GROWS, DECAY_LATER, DECAY_IN_ROOT, DECAY_MATRICES
} AdamBug;

typedef struct { AdamBug bug; const char *why; } AdamKnown;

static const AdamKnown ADAM_KNOWN[] = {
    {NO_CORRECTION, "the bias correction is missing: m and v begin at 0, so they are divided by 1 - beta1^t and 1 - beta2^t"},
    {ONLY_M_CORRECTED, "only m's bias is corrected: v is divided by 1 - beta2^t, too"},
    {ONLY_V_CORRECTED, "only v's bias is corrected: m is divided by 1 - beta1^t, too"},
    {NO_POWER, "the bias correction lacks the power: m is divided by 1 - beta1^t, v by 1 - beta2^t, with t the step"},
    {M_NO_POWER, "m's bias correction lacks the power: m is divided by 1 - beta1^t, not by 1 - beta1; v's is right"},
    {V_NO_POWER, "v's bias correction lacks the power: v is divided by 1 - beta2^t, not by 1 - beta2; m's is right"},
    {STEP_STAYS, "every step is taken to be the first: count them in a->step, so that the bias correction fades"},
    {STEP_LATE, "the step is counted too late: the first one is t = 1, so add 1 to a->step before the bias correction"},
    {M_AS_V, "beta1 and beta2 are exchanged: beta1 belongs to m, beta2 to v"},
    {EPS_INSIDE, "eps is inside the square root: it is added behind it, sqrt(...) + eps"},
    {EPS_BEFORE, "eps is added before v's bias correction: correct first, sqrt(v / (1 - beta2^t)) + eps"},
    {NO_EPS, "eps is left out, or written into the code: a->eps is added to the square root"},
    {NO_ROOT, "the square root is left out: m is divided by the root of v"},
    {V_NOT_SQUARED, "v takes g, not its square: v = beta2 v + (1 - beta2) g²"},
    {V_OF_M, "v takes the square of m: it is that of the gradient, v = beta2 v + (1 - beta2) g²"},
    {M_FORGOTTEN, "m begins anew at every step: it goes on from a->m, m = beta1 m + (1 - beta1) g"},
    {V_FORGOTTEN, "v begins anew at every step: it goes on from a->v, v = beta2 v + (1 - beta2) g²"},
    {KEPT_CORRECTED, "m and v are kept as they are after the bias correction: the correction is for this step only; a->m and a->v stay without it"},
    {SKIPS_ZEROS, "a weight whose gradient is 0 is left alone: its m still moves it, and m and v shrink towards 0"},
    {M_PLAIN_SUM, "m is beta1 m + g: it is a mean, so g comes with the factor 1 - beta1"},
    {G_FOR_M, "the step goes along g: it goes along m, the mean of the last gradients"},
    {FIXED_BETAS, "0.9, 0.999 or 1e-8 is written into the code: take a->beta1, a->beta2 and a->eps"},
    {FIRST_PARAM, "only the first parameter moves: p->data, p->grad, a->m and a->v each hold p->size numbers"},
    {UPHILL, "the weights go uphill: minus lr times the step"},
    {L2, "the decay is added to the gradient. That is L2 regularisation, in which m and v then see it; in AdamW it works by itself: w = w - lr (... + decay w)"},
    {L2_TOO, "the decay works twice, on the gradient and on the weight: it is no part of g; only w = w - lr (... + decay w)"},
    {NO_DECAY, "there is no decay: w = w - lr (... + decay w)"},
    {DECAY_WITHOUT_LR, "the decay is not multiplied by lr: w = w - lr (... + decay w)"},
    {DECAY_GROWS, "the decay makes weights grow: it is subtracted, w = w - lr (... + decay w)"},
    {DECAY_LATER, "the decay is of the weight that has moved already: take both from the weight as it was, w = w - lr (... + decay w)"},
    {DECAY_IN_ROOT, "the decay is divided by the root of v, too: it stands outside of the fraction"},
    {DECAY_MATRICES, "only matrices decay, no vectors. Lesson 09 does that; here all parameters do"},
};
enum { ADAM_BUGS = sizeof ADAM_KNOWN / sizeof *ADAM_KNOWN };

typedef struct { float *w, *m, *v; } Moved;

// `steps` steps from w; step k has the gradients g + k*MANY.
static Moved adam_plainly(const AdamW *a, const float *start, const float *grads, int steps, double lr, AdamBug bug) {
    Moved now = {copy_of(start, MANY), filled(MANY, 0), filled(MANY, 0)};
    double b1 = a->beta1, b2 = a->beta2, eps = a->eps;
    if (bug == FIXED_BETAS) b1 = 0.9, b2 = 0.999, eps = 1e-8;
    if (bug == M_AS_V) b1 = a->beta2, b2 = a->beta1;
    for (int k = 0; k < steps; k++)
        for (int i = 0; i < (bug == FIRST_PARAM ? FROM[1] : MANY); i++) {
            int t = bug == STEP_STAYS ? 1 : bug == STEP_LATE ? k : k + 1;
            if (bug == SKIPS_ZEROS && grads[k * MANY + i] == 0) continue;
            double w = now.w[i], g = grads[k * MANY + i] + (bug == L2 || bug == L2_TOO ? a->decay * w : 0);
            double m = (bug == M_FORGOTTEN ? 0 : b1 * now.m[i]) + (bug == M_PLAIN_SUM ? 1 : 1 - b1) * g, seen = bug == V_OF_M ? m : g;
            double v = (bug == V_FORGOTTEN ? 0 : b2 * now.v[i]) + (1 - b2) * (bug == V_NOT_SQUARED ? g : seen * seen);
            now.m[i] = (float)m;
            now.v[i] = (float)v;
            double c1 = bug == NO_CORRECTION || bug == ONLY_V_CORRECTED ? 1 : bug == NO_POWER || bug == M_NO_POWER ? 1 - b1 : 1 - pow(b1, t);
            double c2 = bug == NO_CORRECTION || bug == ONLY_M_CORRECTED ? 1 : bug == NO_POWER || bug == V_NO_POWER ? 1 - b2 : 1 - pow(b2, t);
            if (bug == KEPT_CORRECTED) {
                now.m[i] = (float)(m / c1);
                now.v[i] = (float)(v / c2);
            }
            double root = bug == EPS_INSIDE ? sqrt(v / c2 + eps) : bug == EPS_BEFORE ? (sqrt(v) + eps) / sqrt(c2) : bug == NO_EPS ? sqrt(v / c2) : bug == NO_ROOT ? v / c2 + eps : sqrt(v / c2) + eps;
            double along = (bug == G_FOR_M ? g : m / c1), move = along / root, decay = bug == NO_DECAY || bug == L2 || (bug == DECAY_MATRICES && i >= FROM[1]) ? 0 : a->decay * w;
            if (bug == DECAY_IN_ROOT) move = (along + decay) / root, decay = 0;
            if (bug == UPHILL) move = -move;
            if (bug == DECAY_GROWS || bug == UPHILL) decay = -decay;
            double next = w - lr * move - (bug == DECAY_WITHOUT_LR ? 1 : lr) * decay;
            if (bug == DECAY_LATER) next = (w - lr * move) * (1 - lr * a->decay);
            now.w[i] = (float)next;
        }
    return now;
}

static const char *adam_why(AdamBug bug) {
    for (int i = 0; i < ADAM_BUGS; i++)
        if (ADAM_KNOWN[i].bug == bug) return ADAM_KNOWN[i].why;
    return NULL;
}

// Some of the gradients are 0 from the second step on.
static float *adam_grads(int steps) {
    float *grads = given_floats((size_t)(steps * MANY), 34);
    for (int i = 0; i < MANY; i++) grads[i] += 0.3f;
    for (int k = 1; k < steps; k++) grads[k * MANY + 2] = grads[k * MANY + 7] = 0;
    return grads;
}

static void judge_adamw(double beta1, double beta2, double eps, double decay, double lr, int steps) {
    Params p = given_params();
    AdamW a = adamw_new(&p, decay);
    if (a.beta1 != 0.9 || a.beta2 != 0.999 || a.eps != 1e-8 || a.decay != decay || a.step != 0 || a.size != MANY)
        reject("adamw_new gives beta1 %g, beta2 %g, eps %g, decay %g, step %ld, size %zu; want 0.9, 0.999, 1e-8, %g, 0, %d, as in the stub", a.beta1, a.beta2, a.eps, a.decay, a.step, a.size, decay, MANY);
    a.beta1 = beta1;
    a.beta2 = beta2;
    a.eps = eps;
    float *start = copy_of(p.data, MANY), *grads = adam_grads(steps);
    char *what = xprintf("beta1 %g, beta2 %g, eps %g, decay %g, lr %g: after step %d ", beta1, beta2, eps, decay, lr, steps);
    Moved want = adam_plainly(&a, start, grads, steps, lr, ADAM);
    Suspect w[ADAM_BUGS + 2] = {{0}}, m[ADAM_BUGS + 2] = {{0}}, v[ADAM_BUGS + 2] = {{0}};
    w[0] = (Suspect){"the weights stay as they were", start};
    m[0] = (Suspect){"m stays as it was: leave it in a->m for the next step", filled(MANY, 0)};
    v[0] = (Suspect){"v stays as it was: leave it in a->v for the next step", filled(MANY, 0)};
    for (int i = 0; i < ADAM_BUGS; i++) {
        Moved bad = adam_plainly(&a, start, grads, steps, lr, ADAM_KNOWN[i].bug);
        w[i + 1] = (Suspect){ADAM_KNOWN[i].why, bad.w};
        m[i + 1] = (Suspect){ADAM_KNOWN[i].why, bad.m};
        v[i + 1] = (Suspect){ADAM_KNOWN[i].why, bad.v};
    }
    for (int k = 0; k < steps; k++) {
        memcpy(p.grad, grads + k * MANY, MANY * sizeof(float));
        adamw_step(&a, &p, lr);
        if (memcmp(p.grad, grads + k * MANY, MANY * sizeof(float)) != 0) reject("the gradients change: the step only reads them; whoever computes new ones sets them to 0 first");
        for (int i = 0; i < MANY && k == 0; i++) {
            if (a.v[i] < 0) reject("after the first step a->v[%d] is %g, and a negative number has no root: v takes the square of g, v = beta2 v + (1 - beta2) g²", i, (double)a.v[i]);
            if (isnan(p.data[i]) || isinf(p.data[i])) reject("after the first step a weight is no number: the first step is t = 1, so add 1 to a->step before the bias correction; 1 - beta^0 is 0");
        }
    }
    expect_floats(xprintf("%sthe weights, ", what), p.data, want.w, MANY, NULL, TOLERANCE, w);
    expect_floats(xprintf("%sa->m", what), a.m, want.m, MANY, NULL, TOLERANCE, m);
    expect_floats(xprintf("%sa->v", what), a.v, want.v, MANY, NULL, TOLERANCE, v);
    if (a.step != steps) reject("%sa->step is %ld, want %d: it is saved with the model, so that training can go on", what, a.step, steps);
}

// The answer's own way, unjudged: the weights (steps+1,MANY), m and v after the last step; and whether it is right.
typedef struct { double beta1, beta2, eps, lr; int steps; } Setting;
typedef struct { float *w, *m, *v; bool right; } Way;

static Way way_of(Setting s, double decay) {
    Params p = given_params();
    AdamW a = adamw_new(&p, decay);
    a.beta1 = s.beta1;
    a.beta2 = s.beta2;
    a.eps = s.eps;
    float *grads = adam_grads(s.steps);
    Way way = {.w = filled((size_t)((s.steps + 1) * MANY), 0)};
    for (int k = 0;; k++) {
        memcpy(way.w + k * MANY, p.data, MANY * sizeof(float));
        if (k == s.steps) break;
        memcpy(p.grad, grads + k * MANY, MANY * sizeof(float));
        adamw_step(&a, &p, s.lr);
    }
    Moved want = adam_plainly(&a, way.w, grads, s.steps, s.lr, ADAM);
    way.m = copy_of(a.m, MANY);
    way.v = copy_of(a.v, MANY);
    way.right = is_close(p.data, want.w, MANY) && is_close(way.m, want.m, MANY) && is_close(way.v, want.v, MANY);
    return way;
}

static bool first_is_right(double eps) { return way_of((Setting){0.9, 0.999, eps, 0.1, 1}, 0).right; }

// Where the steps are wrong by themselves: what the decay adds to them.
static void judge_decay_alone(Setting s, double decay, const Way *without) {
    Way with = way_of(s, decay);
    for (int i = 0; i < (s.steps + 1) * MANY; i++)
        if (!isfinite(without->w[i]) || !isfinite(with.w[i])) reject("the steps without decay are not right yet, so it cannot be judged: see the checks above");
    if (!is_close(with.m, without->m, MANY) || !is_close(with.v, without->v, MANY)) reject("m and v change with the decay: %s", adam_why(L2));
    enum { NONE, WHOLE, GROWING, LATER, MOVING, WHERE_GRADIENT, MATRICES, MODES };
    const char *why[] = {adam_why(NO_DECAY), adam_why(DECAY_WITHOUT_LR), adam_why(DECAY_GROWS), adam_why(DECAY_LATER), "the same as above: weights that do not move do not decay either",
                         "the same as above: a weight whose gradient is 0 is left alone, and does not decay either", adam_why(DECAY_MATRICES)};
    float *grads = adam_grads(s.steps);
    for (int k = 0; k < s.steps; k++) {
        float *want = filled(MANY, 0);
        Suspect suspects[MODES + 1] = {{0}};
        for (int mode = 0; mode < MODES; mode++) suspects[mode] = (Suspect){why[mode], filled(MANY, 0)};
        for (int i = 0; i < MANY; i++) {
            const float *own = without->w + k * MANY + i;
            double w = with.w[k * MANY + i], move = (double)own[MANY] - own[0], off = s.lr * decay * w, right = w + move - off;
            const double given[] = {w + move, w + move - decay * w, w + move + off, (w + move) * (1 - s.lr * decay), move == 0 ? w : right, grads[k * MANY + i] == 0 ? w + move : right, i < FROM[1] ? right : w + move};
            want[i] = (float)right;
            for (int mode = 0; mode < MODES; mode++) ((float *)(uintptr_t)suspects[mode].values)[i] = (float)given[mode];
        }
        expect_floats(xprintf("decay %g, lr %g: step %d as you make it without decay, and the decay: the weights, ", decay, s.lr, k + 1), with.w + (k + 1) * MANY, want, MANY, NULL, TOLERANCE, suspects);
    }
}

void adamw_first(void) {
    judge_adamw(0.9, 0.999, 0.05, 0, 0.1, 1);
    judge_adamw(0.9, 0.999, 1e-8, 0, 0.01, 1);
}

void adamw_several(void) {
    if (!first_is_right(1e-8)) reject("the first step is not right yet, so several cannot be: see the check above");
    judge_adamw(0.9, 0.999, 1e-8, 0, 0.1, 4);
    judge_adamw(0.7, 0.85, 1e-8, 0, 0.1, 5);
    if (first_is_right(0.05)) judge_adamw(0.7, 0.85, 0.05, 0, 0.1, 5);     // a wrong eps costs the first check only
}

void adamw_decays(void) {
    const Setting setting[] = {{0.9, 0.999, 0.05, 0.1, 1}, {0.7, 0.85, 0.05, 0.2, 3}};
    for (int i = 0; i < 2; i++) {
        Setting s = setting[i];
        Way without = way_of(s, 0);
        if (without.right) judge_adamw(s.beta1, s.beta2, s.eps, 0.5, s.lr, s.steps);
        else judge_decay_alone(s, 0.5, &without);
    }
}

// --- op_dropout ---

enum { N = 40 };
typedef struct { Tape tape; Tensor *x, *y; Rng before, *rng; float *mask; double p; } Drop;

// The mask that the rng's next numbers make.
static float *mask_of(Rng rng, double p) {
    float *mask = filled(N, 0);
    for (int i = 0; i < N; i++) mask[i] = rng_uniform(&rng) >= (float)p ? (float)(1 / (1 - p)) : 0;
    return mask;
}

static Drop drop_of(double p, uint32_t seed, bool training) {
    Drop d = {.tape = used_tape(true), .x = given_tensor("x", 3, (int[]){2, 4, 5}, 41, 0), .p = p, .rng = xmalloc(sizeof *d.rng)};
    rng_seed(d.rng, seed);
    d.before = *d.rng;
    d.mask = mask_of(d.before, p);
    float *given = copy_of(d.x->data, N);
    d.y = op_dropout(&d.tape, d.x, p, d.rng, training);
    expect_shape("y", d.y, "(2,4,5)");
    if (memcmp(d.x->data, given, N * sizeof(float)) != 0) reject("x itself is changed: other operations may use it, and it is not yours; write to y->data");
    return d;
}

// x times a mask made of ours: where it is not 0, `kept`; where it is, `dropped`.
static float *times(const float *x, const float *mask, double kept, double dropped) {
    float *y = filled(N, 0);
    for (int i = 0; i < N; i++) y[i] = (float)(x[i] * (mask[i] != 0 ? kept : dropped));
    return y;
}

static void judge_drop(double p, uint32_t seed) {
    Drop d = drop_of(p, seed, true);
    const float *x = d.x->data;
    if (d.y == d.x) reject("in training, with p = %g, y is x itself: numbers are to be dropped", p);
    double scale = 1 / (1 - p);
    const Suspect suspects[] = {
        {"what stays is not scaled: divide it by 1 - p, so that the mean stays as it was", times(x, d.mask, 1, 0)},
        {"what stays is multiplied by 1 - p: it is divided by it", times(x, d.mask, 1 - p, 0)},
        {"what stays is multiplied by p: it is divided by 1 - p", times(x, d.mask, p, 0)},
        {"what stays is divided by p: it is divided by 1 - p", times(x, d.mask, 1 / p, 0)},
        {"it is the other way round: a number stays if its draw is p or more, and is dropped if it is less", times(x, d.mask, 0, scale)},
        {"it is the other way round, with p the probability to stay: a number is dropped if its draw is less than p, and what stays is divided by 1 - p", times(x, d.mask, 0, 1 / p)},
        {"it is the other way round, and what stays is not scaled: a number stays if its draw is p or more, and is divided by 1 - p", times(x, d.mask, 0, 1)},
        {"nothing is dropped", x},
        {"nothing is dropped, all is scaled", times(x, d.mask, scale, scale)},
        {"one draw decides for all: draw anew for each number", times(x, d.mask, d.mask[0], d.mask[0])},
        {NULL, NULL}};
    int other = 0;
    for (int i = 0; i < N; i++) other += (d.y->data[i] != 0) != (d.mask[i] != 0);
    char *what = xprintf("p is %g: y", p);
    if (other > 0 && other < N && !isnan(d.y->data[0]))
        for (int i = 0; i < N; i++)
            if ((d.y->data[i] != 0) != (d.mask[i] != 0)) {
                for (const Suspect *s = suspects; s->why; s++)
                    if (memcmp(d.y->data, s->values, N * sizeof(float)) == 0) reject("%s", s->why);
                Rng draws = d.before;
                float draw = 0;
                for (int k = 0; k <= i; k++) draw = rng_uniform(&draws);
                reject("p is %g: number %d of x (of %d) is %s, but its draw is %.6g, so it %s. One rng_uniform a number, in their order; it stays if that is p or more", p, i, N,
                       d.y->data[i] != 0 ? "kept" : "dropped", (double)draw, d.mask[i] != 0 ? "stays" : "goes");
            }
    expect_floats(what, d.y->data, times(x, d.mask, scale, 0), N, d.y, TOLERANCE, suspects);
    Rng after = d.before;
    for (int i = 0; i < N; i++) rng_uniform(&after);
    if (rng_bits(&after) != rng_bits(d.rng)) reject("p is %g: the generator is not %d numbers further: one rng_uniform a number, no more and no less", p, N);
}

void dropout_trains(void) {
    judge_drop(0.3, 5);
    judge_drop(0.7, 6);
    Rng rng;
    rng_seed(&rng, 7);
    float draw = 0;
    for (int i = 0; i < 9; i++) draw = rng_uniform(&rng);
    judge_drop((double)draw, 7);        // a draw that is exactly p stays
    Tape tape = used_tape(false);
    Tensor *x = given_tensor("x", 1, (int[]){N}, 46, 0);
    if (op_dropout(&tape, x, 0.5, &rng, true) == x) reject("training is true, but the tape does not record, and nothing is dropped: `training` alone decides");
    Rng after = rng;
    for (int i = 0; i < N; i += 2) x->data[i] = 0;
    op_dropout(&tape, x, 0.5, &rng, true);
    for (int i = 0; i < N; i++) rng_uniform(&after);
    if (rng_bits(&after) != rng_bits(&rng)) reject("half of x is 0 (as behind a ReLU): the generator is not %d numbers further. What x holds does not matter: one draw a number", N);
}

static void judge_idle(double p, bool training) {
    Drop d = drop_of(p, 5, training);
    char *when = training ? xprintf("p is 0") : xprintf("in evaluation (training is false), p is %g", p);
    bool same = memcmp(d.y->data, d.x->data, N * sizeof(float)) == 0;
    int gone = 0;
    for (int i = 0; i < N; i++) gone += d.y->data[i] == 0;
    if (!same && gone > 0 && !training) reject("%s, and %d of %d numbers are dropped: only training drops; a trained model uses all that it has", when, gone, N);
    if (!same && !training && is_close(d.y->data, times(d.x->data, d.mask, 1 - p, 1 - p), N))
        reject("%s, and y is x times 1 - p. That is the form of the first paper, for those who do not scale in training; here what stays is scaled then, and evaluation does nothing", when);
    if (!same) reject("%s, and y differs from x: then there is nothing to do", when);
    if (d.y != d.x) reject("%s: y is a copy of x; return x itself", when);
    if (rng_bits(d.rng) != rng_bits(&d.before)) reject("%s, and yet numbers are drawn: evaluating a model would change what it is trained with after that", when);
}

void dropout_evaluates(void) {
    judge_idle(0.3, false);
    judge_idle(0, true);
    Tape tape = used_tape(false);
    Tensor *x = given_tensor("x", 1, (int[]){3}, 42, 0);
    if (op_dropout(&tape, x, 0.5, NULL, false) != x) reject("in evaluation y is to be x itself");
}

void dropout_back(void) {
    Drop d = drop_of(0.4, 8, true);
    Rng draws = *d.rng;
    float *dy = given_floats(N, 43), *again = mask_of(draws, d.p);
    if (memcmp(d.y->data, d.x->data, N * sizeof(float)) == 0) reject("nothing is dropped yet, so no gradient can be judged: see the checks above");
    // what has gone through forward is what counts, right or wrong
    float *used = filled(N, 0), *redrawn = filled(N, 0), *by_y = filled(N, 0), *by_x = filled(N, 0);
    for (int i = 0; i < N; i++) {
        used[i] = dy[i] * (d.y->data[i] / d.x->data[i]);
        redrawn[i] = dy[i] * again[i];
        by_y[i] = dy[i] * d.y->data[i];
        by_x[i] = dy[i] * d.x->data[i];
    }
    go_back(&d.tape, d.y, dy);
    const Suspect suspects[] = {
        {"dx stays as it was: dx gets dy times the mask", filled(N, 0)},
        {"dx gets dy unchanged: what was dropped did not reach the loss, so it gets nothing; what was scaled gets as much more", dy},
        {"dx is not scaled: what stays was multiplied by 1 / (1 - p) on the way there, so its gradient is on the way back", times(dy, d.y->data, 1, 0)},
        {"dx is scaled by 1 - p: on the way back the factor is the same as on the way there, 1 / (1 - p)", times(dy, d.y->data, 1 - d.p, 0)},
        {"dx is scaled where nothing was dropped and where it was, alike: the mask counts on the way back, too", times(dy, d.y->data, 1 / (1 - d.p), 1 / (1 - d.p))},
        {"the mask of backward is another than that of forward: keep the one that was drawn, in y->saved", redrawn},
        {"dx is dy times y: it is dy times the mask", by_y},
        {"dx is dy times x: it is dy times the mask", by_x},
        {"dx goes to what was dropped: the mask is the wrong way round", times(dy, d.y->data, 0, 1 / (1 - d.p))},
        {NULL, NULL}};
    expect_floats("dx", d.x->grad, used, N, d.x, TOLERANCE, suspects);
    d.y->backward(d.y);
    const Suspect once[] = {{"dx is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", used}, {NULL, NULL}};
    float *two = plus(0, used, N);
    for (int i = 0; i < N; i++) two[i] += used[i];
    expect_floats("backward is called a second time: dx", d.x->grad, two, N, d.x, TOLERANCE, once);

    // two masks at once, and an x that wants no gradient
    Tape tape = used_tape(true);
    Rng rng;
    rng_seed(&rng, 9);
    Tensor *x = given_tensor("x", 1, (int[]){N}, 44, 0), *other = given_tensor("other", 1, (int[]){N}, 45, 0);
    Tensor *first = op_dropout(&tape, x, 0.4, &rng, true), *second = op_dropout(&tape, other, 0.4, &rng, true);
    float *want = filled(N, 0);
    for (int i = 0; i < N; i++) want[i] = dy[i] * (first->data[i] / x->data[i]);
    go_back(&tape, second, dy);
    go_back(&tape, first, dy);
    expect_floats("two dropouts, and back through the first of them: dx", x->grad, want, N, x, TOLERANCE, NULL);
    x = tape_values(&tape, "x", 1, (int[]){N}, x->data);
    first = op_dropout(&tape, x, 0.4, &rng, true);
    first->grad = dy;
    first->backward(first);
}
