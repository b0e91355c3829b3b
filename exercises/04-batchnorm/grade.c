// grade.c of 04-batchnorm: what the exercises of lesson 04 are judged by.
#include "draw.h"
#include "grade.h"
#include "init.h"
#include "op_batchnorm.h"
#include "saturation.h"
#include "update_ratio.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 2e-5;

static float *copy(const float *x, size_t n) { return memcpy(xmalloc(n * sizeof *x), x, n * sizeof *x); }

static float *times(const float *x, size_t n, double factor) {
    float *y = filled(n, 0);
    for (size_t i = 0; i < n; i++) y[i] = (float)(x[i] * factor);
    return y;
}

static bool same(const float *a, const float *b, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)a[i] - b[i]) <= 1e-5 * (1 + fabs((double)b[i])))) return false;
    return true;
}

// --- init ---

enum { O = 5, I = 7, WEIGHTS = O * I };

static void gains(void) {
    double bent = init_gain(GAIN_TANH), cut = init_gain(GAIN_RELU);
    if (bent == 1) reject("init_gain(GAIN_TANH) is 1: in C, 5 / 3 of two ints is 1; write 5.0 / 3");
    if (fabs(cut - 2) < 1e-5) reject("init_gain(GAIN_RELU) is 2: half of the variance is lost, so the variance must double; a gain multiplies the deviation, which is its root");
    expect_number("init_gain(GAIN_LINEAR)", init_gain(GAIN_LINEAR), 1, 1e-5);
    expect_number("init_gain(GAIN_TANH)", bent, 5.0 / 3, 1e-5);
    expect_number("init_gain(GAIN_RELU)", cut, sqrt(2), 1e-5);
}

static void scales(void) {
    Tensor *w = given_tensor("w", 3, (int[]){2, 3, 5}, 11, 0);
    float *before = copy(w->data, 30), *first_row = copy(before, 30), *first_rows = copy(before, 30);
    for (int i = 0; i < 6; i++) first_rows[i] *= -0.3f;
    for (int i = 0; i < 2; i++) first_row[i] *= -0.3f;
    const Suspect suspects[] = {
        {"nothing changes", before},
        {"only w->shape[0] numbers are multiplied: w->size is how many there are", first_row},
        {"only w->shape[0] * w->shape[1] numbers are multiplied: w may have more dimensions; w->size is how many numbers there are", first_rows},
        {"the numbers are divided by the factor", times(before, 30, -1 / 0.3)},
        {NULL, NULL}};
    init_scale(w, -0.3);
    expect_floats("after init_scale(w, -0.3), w", w->data, times(before, 30, -0.3), 30, w, TOLERANCE, suspects);
}

typedef struct {
    Rng rng;                    // as init_kaiming leaves it
    Tensor *w;                  // (O,I) from init_kaiming with gain 1.5
    float *start;               // what stood in w before
    Tensor *drawn, *other;      // (O,I) the same numbers drawn by draw_linear, and by draw_normal
} Drawn;

static Drawn kaiming(void) {
    Drawn d = {.w = given_tensor("w", 2, (int[]){O, I}, 12, 0), .drawn = given_tensor("w", 2, (int[]){O, I}, 13, 0), .other = given_tensor("w", 2, (int[]){O, I}, 14, 0)};
    d.start = copy(d.w->data, WEIGHTS);
    rng_seed(&d.rng, 15);
    draw_linear(&d.rng, d.drawn);
    rng_seed(&d.rng, 15);
    draw_normal(&d.rng, d.other);
    rng_seed(&d.rng, 15);
    init_kaiming(&d.rng, d.w, 1.5);
    return d;
}

static void kaiming_size(void) {
    const struct { const char *why; double factor; } wrong[] = {
        {"the weights are divided by the root of the outputs, w->shape[0]: each output is a sum over the I = w->shape[1] inputs", 1.5 / sqrt(O)},
        {"the weights are divided by I: their variance is to be divided by I, so the weights themselves by sqrt(I)", 1.5 / I},
        {"the weights are divided by the root of all of w: each output is a sum over I inputs only", 1.5 / sqrt(WEIGHTS)},
        {"the gain is left out: gain / sqrt(I)", 1 / sqrt(I)},
        {"the gain is squared: gain² / I is the variance, the weights are to be multiplied by its root", 1.5 * 1.5 / sqrt(I)},
        {"gain² / I is the variance: the weights are to be multiplied by its root, gain / sqrt(I)", 1.5 * 1.5 / I},
        {"the gain stands inside of the root: gain / sqrt(I)", sqrt(1.5 / I)},
        {"the weights are multiplied by sqrt(I): more inputs ask for smaller weights", 1.5 * sqrt(I)},
        {"inputs and outputs are added: that is Glorot's way (Xavier); Kaiming's is gain / sqrt(I)", 1.5 * sqrt(2.0 / (O + I))},
        {"the 2 of He's paper is in it besides the gain: the gain for ReLU, sqrt 2, is that 2 already", 1.5 * sqrt(2.0 / I)},
        {"the weights are multiplied by the gain only: also divide by sqrt(I)", 1.5},
        {"the weights have a deviation of 1: draw first, then multiply by gain / sqrt(I)", 1},
    };
    enum { WRONG = sizeof wrong / sizeof *wrong };
    Drawn d = kaiming();
    double right = 1.5 / sqrt(I);
    if (same(d.w->data, times(d.other->data, WEIGHTS, right), WEIGHTS)) return;       // in which order is the next check's
    Suspect suspects[2 * WRONG + 3] = {{NULL, NULL}};
    for (int i = 0; i < WRONG; i++) {
        suspects[i] = (Suspect){wrong[i].why, times(d.drawn->data, WEIGHTS, wrong[i].factor)};
        suspects[WRONG + i] = (Suspect){wrong[i].why, times(d.other->data, WEIGHTS, wrong[i].factor)};
    }
    suspects[2 * WRONG] = (Suspect){"the weights are scaled, but not drawn: draw_linear fills w with new numbers first", times(d.start, WEIGHTS, right)};
    suspects[2 * WRONG + 1] = (Suspect){"w is left as it was", d.start};
    expect_floats("with gain 1.5, w", d.w->data, times(d.drawn->data, WEIGHTS, right), WEIGHTS, d.w, TOLERANCE, suspects);
}

// The first number drawn is w[0][0] in every order: by it the size is found, whatever it is.
static void kaiming_order(void) {
    Drawn d = kaiming();
    double size = (double)d.w->data[0] / d.drawn->data[0];
    if (!(fabs(size) > 0)) reject("w[0][0] is %g: draw_linear fills w with normal numbers", (double)d.w->data[0]);
    const Suspect suspects[] = {
        {"the weights lie in the order of draw_normal: a matrix is drawn by draw_linear, so that a run can be followed figure by figure", times(d.other->data, WEIGHTS, size)},
        {"w is not drawn: draw_linear(rng, w) fills it with new numbers", times(d.start, WEIGHTS, d.w->data[0] / d.start[0])},
        {NULL, NULL}};
    expect_floats("w", d.w->data, times(d.drawn->data, WEIGHTS, size), WEIGHTS, d.w, TOLERANCE, suspects);
    Rng once;
    rng_seed(&once, 15);
    draw_linear(&once, d.drawn);
    if (rng_bits(&d.rng) != rng_bits(&once)) reject("more is drawn than one number for each weight, so whatever is drawn next differs: draw once");
}

// --- op_batchnorm ---

enum { N = 7, C = 3 };

// x, its normalisation, and the numbers that this began with.
typedef struct {
    int rows, columns, size;
    Tape tape;
    BatchNorm bn;
    Tensor *x;
    float *mean, *var;      // (C) the running estimates, before
    float *dy;              // (N,C) what comes in from behind
} Norm;

// A tape whose memory was used before: what is never written reads NaN.
static Tape used_tape(void) {
    Tape tape = tape_new(true);
    tape_floats(&tape, 1 << 14);
    tape_reset(&tape);
    return tape;
}

static Norm norm_of(int ndim, const int *shape, float eps, float start) {
    Norm k = {.tape = used_tape(), .x = given_tensor("x", ndim, shape, 21, start)};
    k.columns = last_of(k.x), k.rows = rows_of(k.x), k.size = (int)k.x->size;
    k.bn = (BatchNorm){.gain = given_tensor("gain", 1, &k.columns, 22, start), .bias = given_tensor("bias", 1, &k.columns, 23, start),
                       .mean = given_tensor("mean", 1, &k.columns, 24, 0), .var = given_tensor("var", 1, &k.columns, 25, 0), .momentum = 0.3f, .eps = eps};
    k.bn.mean->wants_grad = k.bn.var->wants_grad = false;
    k.bn.mean->grad = k.bn.var->grad = NULL;
    for (int c = 0; c < k.columns; c++) k.bn.var->data[c] = 0.4f + fabsf(k.bn.var->data[c]);
    for (int i = 0; i < k.size; i++) k.x->data[i] += (float)(i % k.columns) - 0.5f;       // columns have means of their own
    k.mean = copy(k.bn.mean->data, k.columns);
    k.var = copy(k.bn.var->data, k.columns);
    k.dy = given_floats(k.size, 26);
    return k;
}

static Norm norm(void) { return norm_of(2, (int[]){N, C}, 1e-5f, 0); }
static Norm norm_large_eps(void) { return norm_of(2, (int[]){N, C}, 0.04f, 0); }

// Which numbers of x share a mean and a variance.
typedef enum { COLUMN, ROW, ALL, POSITION, EXAMPLE } Group;

typedef struct {
    Group group;
    bool biased, about_zero;                            // variance: by N; of x itself, not about its mean
    bool not_centred, no_root, no_eps, eps_outside;     // then: (x - m) / sqrt(v + eps)
    bool not_inverted;                                  // (x - m) * sqrt(v + eps)
    float eps;                                          // not 0: this one in place of bn->eps
    bool no_gain, no_bias;                              // then: gain * u + bias
} Wrong;
static const Wrong RIGHT;

static int group_of(const Norm *k, Group group, int i) {
    int row = i / k->columns, column = i % k->columns, T = k->x->shape[1];
    switch (group) {
    case COLUMN: return column;
    case ROW: return row;
    case POSITION: return row % T * k->columns + column;        // x (B,T,C): over B only
    case EXAMPLE: return row / T * k->columns + column;         // over T only
    default: return 0;
    }
}

// m, v (N,C): the mean and the variance that each number of x belongs to.
static void spread(const Norm *k, Wrong w, float *m, float *v) {
    for (int i = 0; i < k->size; i++) {
        double sum = 0, squares = 0;
        int count = 0;
        for (int j = 0; j < k->size; j++)
            if (group_of(k, w.group, j) == group_of(k, w.group, i)) {
                sum += k->x->data[j];
                count++;
            }
        double mean = sum / count, about = w.about_zero ? 0 : mean;
        for (int j = 0; j < k->size; j++)
            if (group_of(k, w.group, j) == group_of(k, w.group, i)) squares += (k->x->data[j] - about) * (k->x->data[j] - about);
        m[i] = (float)mean;
        v[i] = (float)(squares / (count - !w.biased));
    }
}

// y (N,C) by m and v, which have `width` numbers: C of them, or one for each number of x.
static float *normal_by(const Norm *k, const float *m, const float *v, int width, Wrong w) {
    float *y = filled(k->size, 0);
    for (int i = 0; i < k->size; i++) {
        int c = i % k->columns;
        double eps = w.no_eps ? 0 : w.eps > 0 ? w.eps : k->bn.eps, below = w.eps_outside ? sqrt(v[i % width]) + eps : sqrt(v[i % width] + eps);
        double above = k->x->data[i] - (w.not_centred ? 0 : m[i % width]), u = w.not_inverted ? above * below : above / (w.no_root ? v[i % width] + eps : below);
        double gain = w.no_gain ? 1 : k->bn.gain->data[c], bias = w.no_bias ? 0 : k->bn.bias->data[c];
        y[i] = (float)(gain * u + bias);
    }
    return y;
}

static float *normal(const Norm *k, Wrong w) {
    float *m = filled(k->size, 0), *v = filled(k->size, 0);
    spread(k, w, m, v);
    return normal_by(k, m, v, k->size, w);
}

static float *moved(const float *from, const float *to, int n, float momentum) {
    float *x = filled(n, 0);
    for (int i = 0; i < n; i++) x[i] = from[i] + momentum * (to[i] - from[i]);
    return x;
}

static void training(void) {
    Norm k = norm();
    for (int c = 0; c < C; c++) {
        k.bn.gain->data[c] = 1;
        k.bn.bias->data[c] = 0;
    }
    Tensor *y = op_batchnorm(&k.tape, k.x, &k.bn, true);
    float *m = filled(k.size, 0), *v = filled(k.size, 0);
    spread(&k, RIGHT, m, v);
    const Suspect suspects[] = {
        {"the variance is divided by N: here it is the unbiased one, divided by N - 1", normal(&k, (Wrong){.biased = true})},
        {"the rows are normalised: every column c has its own mean and variance, over the rows n", normal(&k, (Wrong){.group = ROW})},
        {"one mean and one variance for all of x: every column has its own", normal(&k, (Wrong){.group = ALL})},
        {"the mean is not subtracted from x", normal(&k, (Wrong){.not_centred = true})},
        {"the variance is that about 0, the mean of x²: take the squares of x - m", normal(&k, (Wrong){.about_zero = true})},
        {"x - m is divided by the variance: want its root, the deviation", normal(&k, (Wrong){.no_root = true})},
        {"x - m is multiplied by the deviation: it is divided by it, r = 1 / sqrt(v + eps)", normal(&k, (Wrong){.not_inverted = true})},
        {"in training the running estimates are used: m and v are those of this batch", normal_by(&k, k.mean, k.var, C, RIGHT)},
        {"in training the running estimates are used, after they have moved: m and v are those of this batch",
         normal_by(&k, moved(k.mean, m, C, k.bn.momentum), moved(k.var, v, C, k.bn.momentum), C, RIGHT)},
        {NULL, NULL}};
    expect_floats("in training, with gain 1 and bias 0, y", y->data, normal(&k, RIGHT), k.size, y, TOLERANCE, suspects);
}

// y without gain and bias is taken from the operation itself: whether that is right is the check before's.
static void gain_and_bias(void) {
    Norm plain = norm(), k = norm();
    for (int c = 0; c < C; c++) {
        plain.bn.gain->data[c] = 1;
        plain.bn.bias->data[c] = 0;
    }
    const float *u = op_batchnorm(&plain.tape, plain.x, &plain.bn, true)->data;
    Tensor *y = op_batchnorm(&k.tape, k.x, &k.bn, true);
    float *want = filled(k.size, 0), *no_gain = filled(k.size, 0), *no_bias = filled(k.size, 0), *gain_on_bias = filled(k.size, 0);
    for (int i = 0; i < k.size; i++) {
        float gain = k.bn.gain->data[i % C], bias = k.bn.bias->data[i % C];
        want[i] = gain * u[i] + bias;
        no_gain[i] = u[i] + bias;
        no_bias[i] = gain * u[i];
        gain_on_bias[i] = gain * (u[i] + bias);
    }
    const Suspect suspects[] = {
        {"the gain is left out", no_gain},
        {"the bias is left out", no_bias},
        {"gain and bias are left out", u},
        {"the bias is multiplied by the gain: it is added last", gain_on_bias},
        {NULL, NULL}};
    if (!(fabsf(u[0]) > 0)) reject("with gain 1 and bias 0, y[0][0] is %g already: is it set?", (double)u[0]);
    expect_floats("with a gain and a bias, y", y->data, want, k.size, y, TOLERANCE, suspects);
    expect_floats("after the call, x (which is to be left alone)", k.x->data, norm().x->data, k.size, k.x, 0, NULL);
}

static void running(void) {
    Norm k = norm_large_eps();
    float *m = filled(k.size, 0), *v = filled(k.size, 0), *biased = filled(k.size, 0), *no_decay = filled(C, 0), *root = filled(C, 0), *with_eps = filled(C, 0);
    spread(&k, (Wrong){.biased = true}, m, biased);
    spread(&k, RIGHT, m, v);
    for (int c = 0; c < C; c++) {
        no_decay[c] = k.mean[c] + k.bn.momentum * m[c];
        root[c] = sqrtf(v[c]);
        with_eps[c] = v[c] + k.bn.eps;
    }
    op_batchnorm(&k.tape, k.x, &k.bn, true);
    const float by = k.bn.momentum;
    const Suspect mean[] = {
        {"the running mean stays as it was: in training it moves towards this batch's", k.mean},
        {"the running mean becomes that of this batch: it moves only bn->momentum of the way", m},
        {"the momentum is the wrong way round: it is the share of this batch, 1 - momentum that of the old mean", moved(k.mean, m, C, 1 - by)},
        {"the running mean moves by 0.1 of the way: the momentum is bn->momentum", moved(k.mean, m, C, 0.1f)},
        {"this batch's mean is added to the running one, of which only 1 - momentum is to be kept", no_decay},
        {"the running mean moves twice", moved(moved(k.mean, m, C, by), m, C, by)},
        {NULL, NULL}};
    expect_floats("after a batch, with momentum 0.3, the running mean", k.bn.mean->data, moved(k.mean, m, C, by), C, k.bn.mean, TOLERANCE, mean);
    const Suspect var[] = {
        {"the running variance stays as it was: it moves as the mean does", k.var},
        {"the running variance becomes that of this batch: it moves only bn->momentum of the way", v},
        {"the running variance moves towards one divided by N: here too it is divided by N - 1", moved(k.var, biased, C, by)},
        {"for the running variance the momentum is the wrong way round", moved(k.var, v, C, 1 - by)},
        {"the running variance moves towards the deviation: keep the variance, without the root", moved(k.var, root, C, by)},
        {"eps gets into the running variance: it is added where the root is taken, and not kept", moved(k.var, with_eps, C, by)},
        {"the running variance moves twice", moved(moved(k.var, v, C, by), v, C, by)},
        {NULL, NULL}};
    expect_floats("after a batch, with momentum 0.3, the running variance", k.bn.var->data, moved(k.var, v, C, by), C, k.bn.var, TOLERANCE, var);
}

static void evaluation(void) {
    Norm k = norm_large_eps();
    Tensor *y = op_batchnorm(&k.tape, k.x, &k.bn, false);
    float *m = filled(k.size, 0), *v = filled(k.size, 0);
    spread(&k, RIGHT, m, v);
    float *want = normal_by(&k, k.mean, k.var, C, RIGHT), *to_m = moved(k.mean, m, C, k.bn.momentum), *to_v = moved(k.var, v, C, k.bn.momentum);
    const Suspect suspects[] = {
        {"in evaluation this batch's own mean and variance are used: want the running estimates, bn->mean and bn->var", normal(&k, RIGHT)},
        {"in evaluation the running estimates are moved before they are used: they stay", normal_by(&k, to_m, to_v, C, RIGHT)},
        {"in evaluation this batch's own mean is used with the running variance", normal_by(&k, m, k.var, C, RIGHT)},
        {"in evaluation the running mean is used with this batch's own variance", normal_by(&k, k.mean, v, C, RIGHT)},
        {"in evaluation x - m is divided by the running variance: want the root of it", normal_by(&k, k.mean, k.var, C, (Wrong){.no_root = true})},
        {"in evaluation x - m is multiplied by the deviation: it is divided by it, r = 1 / sqrt(v + eps), as in training", normal_by(&k, k.mean, k.var, C, (Wrong){.not_inverted = true})},
        {"in evaluation eps is left out: the root of v + eps, as in training", normal_by(&k, k.mean, k.var, C, (Wrong){.no_eps = true})},
        {"in evaluation eps is added outside of the root: sqrt(v + eps)", normal_by(&k, k.mean, k.var, C, (Wrong){.eps_outside = true})},
        {"in evaluation eps is always 1e-5: want bn->eps", normal_by(&k, k.mean, k.var, C, (Wrong){.eps = 1e-5f})},
        {"in evaluation the mean is not subtracted from x", normal_by(&k, k.mean, k.var, C, (Wrong){.not_centred = true})},
        {"in evaluation gain and bias are left out", normal_by(&k, k.mean, k.var, C, (Wrong){.no_gain = true, .no_bias = true})},
        {"in evaluation the gain is left out", normal_by(&k, k.mean, k.var, C, (Wrong){.no_gain = true})},
        {"in evaluation the bias is left out", normal_by(&k, k.mean, k.var, C, (Wrong){.no_bias = true})},
        {NULL, NULL}};
    expect_floats("in evaluation, y", y->data, want, k.size, y, TOLERANCE, suspects);
    const Suspect mean[] = {{"the running estimates move in evaluation: then what a model answers would depend on what it was asked before", to_m}, {NULL, NULL}};
    expect_floats("after evaluation, the running mean (which is to stay)", k.bn.mean->data, k.mean, C, k.bn.mean, 0, mean);
    const Suspect var[] = {{"the running variance moves in evaluation: it stays as it is", to_v}, {NULL, NULL}};
    expect_floats("after evaluation, the running variance (which is to stay)", k.bn.var->data, k.var, C, k.bn.var, 0, var);
    Norm one = norm_of(2, (int[]){1, C}, 0.04f, 0);
    y = op_batchnorm(&one.tape, one.x, &one.bn, false);
    expect_floats("in evaluation of a single row, y", y->data, normal_by(&one, one.mean, one.var, C, RIGHT), C, y, TOLERANCE, NULL);
}

static void three_dimensions(void) {
    Norm k = norm_of(3, (int[]){4, 3, 5}, 1e-5f, 0);        // B, T, C
    Norm flat = norm_of(2, (int[]){12, 5}, 1e-5f, 0);
    Tensor *y = op_batchnorm(&k.tape, k.x, &k.bn, true), *same_rows = op_batchnorm(&flat.tape, flat.x, &flat.bn, true);
    const Suspect suspects[] = {
        {"for x (B,T,C) the mean is taken over B only: all dimensions but the last are rows, B * T of them", normal(&k, (Wrong){.group = POSITION})},
        {"for x (B,T,C) the mean is taken over T only: all dimensions but the last are rows, B * T of them", normal(&k, (Wrong){.group = EXAMPLE})},
        {NULL, NULL}};
    for (int i = 0; i < k.size; i++)
        if (isnan(y->data[i]) && !isnan(y->data[0])) reject("for x (4,3,5), row %d of y is NaN: are there rows_of(x) = 12 rows and last_of(x) = 5 columns? x->shape[0] and x->shape[1] are those of a matrix only", i / 5);
    if (!(fabsf(y->data[0]) > 0)) reject("for x (4,3,5), y[0][0][0] is %g: is it set?", (double)y->data[0]);
    expect_floats("compared with the same numbers as x (12,5), y of x (4,3,5)", y->data, same_rows->data, k.size, y, TOLERANCE, suspects);
}

static void hard_columns(void) {
    Norm k = norm_large_eps();
    for (int n = 0; n < N; n++) k.x->data[n * C] = 0.1f * k.x->data[n * C];     // varies as little as eps
    Tensor *y = op_batchnorm(&k.tape, k.x, &k.bn, true);
    const Suspect suspects[] = {
        {"eps is added outside of the root: want sqrt(v + eps)", normal(&k, (Wrong){.eps_outside = true})},
        {"eps is left out: want sqrt(v + eps)", normal(&k, (Wrong){.no_eps = true})},
        {"eps is always 1e-5: want bn->eps", normal(&k, (Wrong){.eps = 1e-5f})},
        {NULL, NULL}};
    expect_floats("with eps 0.04, y", y->data, normal(&k, RIGHT), k.size, y, TOLERANCE, suspects);
    k = norm_large_eps();
    for (int n = 0; n < N; n++) {
        k.x->data[n * C] = 2.5f;                                                // does not vary
        k.x->data[n * C + 1] = 4096 + 0.5f * (float)(n * n % 5);                // far from 0
    }
    y = op_batchnorm(&k.tape, k.x, &k.bn, true);
    const char *far = "for a column of numbers around 4,096 y is far off: the mean of x² minus m² subtracts two large numbers that are nearly equal; take the mean first, then the squares of x - m";
    float *want = normal(&k, RIGHT);
    for (int n = 0; n < N; n++)
        if (!(fabsf(y->data[n * C + 1] - want[n * C + 1]) < 0.02f * (1 + fabsf(want[n * C + 1])))) reject("%s", far);
    for (int n = 0; n < N; n++) expect_number("for a column that does not vary, y (which is the bias)", y->data[n * C], k.bn.bias->data[0], TOLERANCE);
}

// What a column's gradients are made of, and what may be wrong with it.
typedef struct {
    bool in_evaluation;             // by the running estimates, which are constants
    bool last_row, mean;            // sums over rows: of the last only; divided by N
    bool raw, centred_only;         // u: x itself; without r
    bool biased, by_n;              // v divided by N; the variance's part divided by N
    bool no_mean, no_var, no_gain, no_r, twice_gain;    // dx without this, or with it twice
    bool plus_mean, plus_var, gain_on_dy;               // a sign; the gain with dy, but not with the sums
} Slip;

static void column(const Norm *k, int c, Slip s, double *m, double *r) {
    float *mean = filled(k->size, 0), *var = filled(k->size, 0);
    spread(k, (Wrong){.biased = s.biased}, mean, var);
    *m = s.in_evaluation ? k->mean[c] : mean[c];
    *r = 1 / sqrt((s.in_evaluation ? k->var[c] : var[c]) + k->bn.eps);
    free(mean);
    free(var);
}

// The sum of dy over the rows of every column (of_bias), or of dy u.
static float *column_sums(const Norm *k, bool of_bias, Slip s) {
    float *sums = filled(k->columns, 0);
    for (int c = 0; c < k->columns; c++) {
        double m, r, sum = 0;
        column(k, c, s, &m, &r);
        for (int n = s.last_row ? k->rows - 1 : 0; n < k->rows; n++) {
            double in = k->x->data[n * k->columns + c], u = s.raw ? in : s.centred_only ? in - m : (in - m) * r;
            sum += k->dy[n * k->columns + c] * (of_bias ? 1 : u);
        }
        sums[c] = (float)(sum / (s.mean ? k->rows : 1) * (s.twice_gain ? k->bn.gain->data[c] : 1));
    }
    return sums;
}

// dx in three steps: what y says about u; what that says about m and v; all of it about x.
static float *slope(const Norm *k, Slip s) {
    float *dx = filled(k->size, 0);
    for (int c = 0; c < k->columns; c++) {
        double m, r, dm = 0, dv = 0, gain = s.no_gain ? 1 : k->bn.gain->data[c];
        column(k, c, s, &m, &r);
        for (int i = c; i < k->size; i += k->columns) {
            double du = k->dy[i] * (s.gain_on_dy ? 1 : gain);
            dm -= du * r;
            dv -= du * (k->x->data[i] - m) * r * r * r / 2;
        }
        for (int i = c; i < k->size; i += k->columns) {
            double sum = k->dy[i] * gain * r;
            if (!s.in_evaluation && !s.no_mean) sum += (s.plus_mean ? -dm : dm) / k->rows;
            if (!s.in_evaluation && !s.no_var) sum += (s.plus_var ? -dv : dv) * 2 * (k->x->data[i] - m) / (k->rows - !(s.biased || s.by_n));
            dx[i] = (float)(s.no_r ? sum / r : s.twice_gain ? sum * gain : sum);
        }
    }
    return dx;
}

// The operation, with a gradient from behind.
static Tensor *forward(Norm *k, bool in_training) {
    Tensor *y = op_batchnorm(&k->tape, k->x, &k->bn, in_training);
    tape_want_grad(&k->tape, y);
    memcpy(y->grad, k->dy, k->size * sizeof *k->dy);
    return y;
}

static void go_back(Norm *k, bool in_training) {
    Tensor *y = forward(k, in_training);
    y->backward(y);
}

static void to_gain_and_bias(void) {
    Norm k = norm();
    go_back(&k, true);
    const Suspect bias[] = {
        {"dbias holds the last row's part only: every row used the same bias, so their gradients add (+=)", column_sums(&k, true, (Slip){.last_row = true})},
        {"dbias is a mean over the rows: it is their sum", column_sums(&k, true, (Slip){.mean = true})},
        {"dbias is multiplied by the gain: the bias is added after it", column_sums(&k, true, (Slip){.twice_gain = true})},
        {"dbias and dgain are swapped: the bias's is the sum of dy, the gain's that of dy * u", column_sums(&k, false, (Slip){0})},
        {"dbias stays as it was: want the sum of dy over the rows", filled(C, 0)},
        {NULL, NULL}};
    expect_floats("dbias", k.bn.bias->grad, column_sums(&k, true, (Slip){0}), C, k.bn.bias, TOLERANCE, bias);
    float *from_y = column_sums(&k, false, (Slip){.twice_gain = true}), *sum = column_sums(&k, true, (Slip){0});     // y = gain u + bias
    for (int c = 0; c < C; c++) from_y[c] += k.bn.bias->data[c] * sum[c];
    const Suspect gain[] = {
        {"dgain holds the last row's part only: every row used the same gain, so their gradients add (+=)", column_sums(&k, false, (Slip){.last_row = true})},
        {"dgain is a mean over the rows: it is their sum", column_sums(&k, false, (Slip){.mean = true})},
        {"dgain is the sum of dy * x: the gain multiplies the normalised u = (x - m) r, not x", column_sums(&k, false, (Slip){.raw = true})},
        {"dgain is the sum of dy * (x - m): the gain multiplies u = (x - m) r", column_sums(&k, false, (Slip){.centred_only = true})},
        {"dgain is the sum of dy * y: the gain multiplies u, which y had before gain and bias", from_y},
        {"dgain is multiplied by the gain: y = gain * u + bias, so dgain is the sum of dy * u", column_sums(&k, false, (Slip){.twice_gain = true})},
        {"dgain is as if the variance were divided by N: want N - 1", column_sums(&k, false, (Slip){.biased = true})},
        {"dgain stays as it was: want the sum of dy * u over the rows", filled(C, 0)},
        {NULL, NULL}};
    expect_floats("dgain", k.bn.gain->grad, column_sums(&k, false, (Slip){0}), C, k.bn.gain, TOLERANCE, gain);
}

static void to_x(void) {
    Norm k = norm();
    go_back(&k, true);
    const Suspect suspects[] = {
        {"dx treats the mean and the variance as constants: in training every x moves those of its column, and with them the other rows", slope(&k, (Slip){.no_mean = true, .no_var = true})},
        {"dx lacks the way through the variance: - u sum(dy u) / (N-1)", slope(&k, (Slip){.no_var = true})},
        {"dx lacks the way through the mean: - sum(dy) / N", slope(&k, (Slip){.no_mean = true})},
        {"dx lacks the gain: y = gain * u + bias, so du = gain * dy", slope(&k, (Slip){.no_gain = true})},
        {"dx lacks r: u = (x - m) r, so a wide column passes on less", slope(&k, (Slip){.no_r = true})},
        {"in dx the way through the mean has the wrong sign: - sum(dy) / N", slope(&k, (Slip){.plus_mean = true})},
        {"in dx the way through the variance has the wrong sign: - u sum(dy u) / (N-1)", slope(&k, (Slip){.plus_var = true})},
        {"in dx the gain multiplies dy, but not the two sums: all of the bracket", slope(&k, (Slip){.gain_on_dy = true})},
        {"dx has the gain twice", slope(&k, (Slip){.twice_gain = true})},
        {"dx divides the variance's part by N: the variance was divided by N - 1", slope(&k, (Slip){.by_n = true})},
        {"dx is that of a variance divided by N: want N - 1, there and in forward", slope(&k, (Slip){.biased = true})},
        {"dx stays as it was", filled(k.size, 0)},
        {NULL, NULL}};
    expect_floats("in training, dx", k.x->grad, slope(&k, (Slip){0}), k.size, k.x, TOLERANCE, suspects);
}

static void judge_added(const char *what, const Tensor *t, const float *more) {
    float *want = copy(more, t->size);
    char why[200];
    for (size_t i = 0; i < t->size; i++) want[i] += 0.5f;
    snprintf(why, sizeof why, "%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", what);
    if (isnan(t->grad[1]) && !isnan(t->grad[0])) reject("with a gain of 0 in column 1, %s holds NaN: x still has its u = (x - m) r there; y divided by the gain has not", what);
    char stays[200];
    snprintf(stays, sizeof stays, "%s stays as it was: if one input wants no gradient, the others still do", what);
    expect_floats(what, t->grad, want, t->size, t, TOLERANCE, (const Suspect[]){{why, more}, {stays, filled(t->size, 0.5f)}, {NULL, NULL}});
}

static void adds(void) {
    const int shape[] = {2, 3, 5};                      // B, T, C
    Norm k = norm_of(3, shape, 1e-5f, 0.5f);
    k.bn.gain->data[1] = 0;
    go_back(&k, true);
    judge_added("dx", k.x, slope(&k, (Slip){0}));
    judge_added("dgain", k.bn.gain, column_sums(&k, false, (Slip){0}));
    judge_added("dbias", k.bn.bias, column_sums(&k, true, (Slip){0}));
    k = norm_of(3, shape, 1e-5f, 0.5f);                 // an input from outside wants no gradient
    k.x->wants_grad = false;
    k.x->grad = NULL;
    go_back(&k, true);
    judge_added("for x without gradient, dgain", k.bn.gain, column_sums(&k, false, (Slip){0}));
    judge_added("for x without gradient, dbias", k.bn.bias, column_sums(&k, true, (Slip){0}));
    k = norm_of(3, shape, 1e-5f, 0.5f);                 // nor does a gain or a bias that is not learned
    k.bn.gain->wants_grad = k.bn.bias->wants_grad = false;
    k.bn.gain->grad = k.bn.bias->grad = NULL;
    go_back(&k, true);
    judge_added("for a gain and a bias without gradient, dx", k.x, slope(&k, (Slip){0}));
    k = norm_of(3, shape, 1e-5f, 0.5f);                 // a net has several layers: forward through all, then back
    Norm next = norm_of(2, (int[]){N, C}, 1e-5f, 0.5f);
    Tensor *y = forward(&k, true);
    forward(&next, true);
    y->backward(y);
    judge_added("with another normalisation made before backward is called, dx", k.x, slope(&k, (Slip){0}));
}

static void to_x_in_evaluation(void) {
    Norm k = norm_large_eps();
    go_back(&k, false);
    const Slip running_ones = {.in_evaluation = true};
    Norm mixed = k;                     // the formula of training, by the running estimates
    float *formula = filled(k.size, 0), *sum = column_sums(&k, true, running_ones), *sum_u = column_sums(&k, false, running_ones);
    for (int i = 0; i < k.size; i++) {
        double m, r;
        column(&mixed, i % C, running_ones, &m, &r);
        formula[i] = (float)(k.bn.gain->data[i % C] * r * (k.dy[i] - sum[i % C] / N - (k.x->data[i] - m) * r * sum_u[i % C] / (N - 1)));
    }
    const char *why = "in evaluation dx has the formula of training: there m and r come from the running estimates, which no x moves, so dx = gain r dy";
    const Suspect suspects[] = {{why, formula}, {why, slope(&k, (Slip){0})}, {"in evaluation dx lacks the gain", slope(&k, (Slip){.in_evaluation = true, .no_gain = true})}, {NULL, NULL}};
    expect_floats("in evaluation, dx", k.x->grad, slope(&k, running_ones), k.size, k.x, TOLERANCE, suspects);
    const Suspect gain[] = {{"in evaluation dgain uses this batch's mean and variance: u is the one that forward made, by the running estimates", column_sums(&k, false, (Slip){0})}, {NULL, NULL}};
    expect_floats("in evaluation, dgain", k.bn.gain->grad, sum_u, C, k.bn.gain, TOLERANCE, gain);
    expect_floats("in evaluation, dbias", k.bn.bias->grad, sum, C, k.bn.bias, TOLERANCE, NULL);
}

// --- saturation ---

// One word a unit, one letter an example: + and - beyond the limit, P on it, . and , within. Each wrong way to count comes to another
// number.
static const char *const UNIT[] = {".-+-+", "-+--+", "-.+.+", "++++.", "----,", "----,", "-----", "+--+.", "-----", ",,+..",
                                   "+++++", ".++++", "-.-,,", "+++++", "+P+-P", "+++++", "+--+.", ",.+.,", ".,+,,"};
enum { UNITS = sizeof UNIT / sizeof *UNIT, EXAMPLES = 5 };
static const float LIMIT = 0.75f;       // which a float can hold

static Tensor *activations(void) {
    Tensor *y = given_tensor("y", 2, (int[]){EXAMPLES, UNITS}, 31, 0);
    for (int n = 0; n < EXAMPLES; n++)
        for (int c = 0; c < UNITS; c++) {
            char is = UNIT[c][n];
            y->data[n * UNITS + c] = is == '+' ? 0.875f : is == '-' ? -0.984375f : is == 'P' ? LIMIT : is == '.' ? 0.5f : -0.25f;
        }
    return y;
}

typedef enum { BEYOND, ABOVE, AT_LEAST, WITHIN } Side;

static bool lies(float y, Side side) {
    switch (side) {
    case ABOVE: return y > LIMIT;
    case AT_LEAST: return fabsf(y) >= LIMIT;
    case WITHIN: return fabsf(y) < LIMIT;
    default: return fabsf(y) > LIMIT;
    }
}

static double share_of(const Tensor *y, Side side) {
    int count = 0;
    for (size_t i = 0; i < y->size; i++) count += lies(y->data[i], side);
    return count / (double)y->size;
}

static double share_above(const Tensor *y, double limit) {
    int count = 0;
    for (size_t i = 0; i < y->size; i++) count += fabs(y->data[i]) > limit;
    return count / (double)y->size;
}

static void share(void) {
    Tensor *y = activations();
    double got = saturation(y, LIMIT), want = share_of(y, BEYOND);
    struct { double value; const char *why; } wrong[] = {
        {share_of(y, ABOVE), "only numbers above +limit count: those below -limit are as flat; take fabs"},
        {share_of(y, AT_LEAST), "numbers that are equal to the limit count too: beyond it means >"},
        {share_of(y, WITHIN), "it is the share within the limit"},
        {1 - want, "it is the share that is not beyond the limit"},
        {want * 100, "it is a percentage: want a share, from 0 to 1"},
        {want * (double)y->size, "it is how many there are: divide by y->size"},
        {want * EXAMPLES, "it is divided by C only: want the share of all N * C numbers"},
        {want * UNITS, "it is divided by N only: want the share of all N * C numbers"},
        {share_above(y, 0.97), "the limit is always 0.97: want the one that is given"},
        {0, "no number counts, or two ints are divided: that gives an int; make one of them a double"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (fabs(got - wrong[i].value) < 1e-6) reject("saturation is %.6g, want %.6g: %s", got, want, wrong[i].why);
    expect_number("saturation", got, want, 1e-6);
}

// How many columns lie there in all rows from `from` to before `to`.
static int columns_there(const Tensor *y, Side side, int from, int to) {
    int count = 0;
    for (int c = 0; c < UNITS; c++) {
        int n = from;
        while (n < to && lies(y->data[n * UNITS + c], side)) n++;
        count += n == to;
    }
    return count;
}

static void dead_units(void) {
    Tensor *y = activations();
    const int all = EXAMPLES, want = columns_there(y, BEYOND, 0, all), got = saturation_dead(y, LIMIT);
    int any = 0, one_sided = 0, rows = 0, transposed = 0;
    for (int c = 0; c < UNITS; c++) {
        any += strpbrk(UNIT[c], "+-") != NULL;
        one_sided += strcmp(UNIT[c], "+++++") == 0 || strcmp(UNIT[c], "-----") == 0;
    }
    for (int n = 0; n < EXAMPLES; n++) {
        int c = 0;
        while (c < UNITS && lies(y->data[n * UNITS + c], BEYOND)) c++;
        rows += c == UNITS;
    }
    for (int c = 0; c < UNITS; c++) {
        int n = 0;
        while (n < all && lies(y->data[c * all + n], BEYOND)) n++;
        transposed += n == all;
    }
    struct { int value; const char *why; } wrong[] = {
        {any, "every column that is beyond the limit in some row counts: a unit is dead only if it is in every row"},
        {columns_there(y, ABOVE, 0, all), "only columns above +limit count: below -limit a unit is as dead; take fabs"},
        {columns_there(y, AT_LEAST, 0, all), "columns that are equal to the limit in a row count too: beyond it means >"},
        {one_sided, "a column that is beyond +limit in some rows and beyond -limit in the others is dead too"},
        {UNITS - want, "it is how many columns are alive"},
        {transposed, "the index is transposed, y[c*N + n]: rows and columns are exchanged in it; row n begins at n*C, so its number c is y[n*C + c]"},
        {rows, "rows are counted: a unit is a column, and has to be beyond the limit in every row"},
        {columns_there(y, BEYOND, 0, 1), "only the first row is looked at: a unit is dead if it is beyond the limit in every row"},
        {columns_there(y, BEYOND, all - 1, all), "only the last row decides: a unit is dead if it is beyond the limit in every row"},
        {columns_there(y, BEYOND, 1, all), "the first row is left out"},
        {columns_there(y, BEYOND, 0, all - 1), "the last row is left out"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (got == wrong[i].value) reject("saturation_dead is %d, want %d: %s", got, want, wrong[i].why);
    expect_int("saturation_dead", got, want);
}

// --- update_ratio ---

static double mean_of(const float *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    return sum / (double)n;
}

static double deviation_about(const float *x, size_t n, double about) {
    double squares = 0;
    for (size_t i = 0; i < n; i++) squares += (x[i] - about) * (x[i] - about);
    return sqrt(squares / (double)(n - 1));
}

// 15 weights around 0.8, and gradients around -0.3.
static Tensor *weights(void) {
    Tensor *w = given_tensor("w", 2, (int[]){3, 5}, 41, 0);
    float *slope_of_w = given_floats(15, 42);
    for (int i = 0; i < 15; i++) {
        w->data[i] += 0.8f;
        w->grad[i] = 0.02f * slope_of_w[i] - 0.3f;
    }
    return w;
}

static void ratio(void) {
    const double lr = 0.1;
    Tensor *w = weights();
    double grad = deviation_about(w->grad, 15, mean_of(w->grad, 15)), size = deviation_about(w->data, 15, mean_of(w->data, 15));
    double grad_length = deviation_about(w->grad, 15, 0), length = deviation_about(w->data, 15, 0);
    double got = update_ratio(w, lr), want = log10(lr * grad / size), few = 15.0 / 14;
    struct { double value; const char *why; } wrong[] = {
        {log10(grad / size), "the learning rate is left out: the step is lr * gradient"},
        {log(lr * grad / size), "it is the natural logarithm: want log10"},
        {log2(lr * grad / size), "it is the logarithm to base 2: want log10"},
        {-want, "the ratio is upside down: the step is divided by the values"},
        {lr * grad / size, "it is the ratio itself: want its log10"},
        {2 * want, "it is the ratio of the variances: the deviation is the root"},
        {log10(lr * grad * grad / (size * size)), "it is the ratio of the variances: the deviation is the root"},
        {log10(lr * grad_length / length), "the ratio is of lengths (norms): a deviation is taken about the mean"},
        {log10(lr * grad_length / size), "the gradients' deviation is taken about 0, not about their mean"},
        {log10(lr * grad / length), "the values' deviation is taken about 0, not about their mean"},
        {log10(lr * grad), "it is not divided by the deviation of the values"},
        {log10(lr * grad / size / sqrt(few)), "the gradients' deviation is divided by n, that of the values by n - 1: want n - 1 in both"},
        {log10(lr * grad / size * sqrt(few)), "the values' deviation is divided by n, that of the gradients by n - 1: want n - 1 in both"},
        {log10(lr * fabs(mean_of(w->grad, 15) / mean_of(w->data, 15))), "it is the ratio of the means: want that of the deviations"},
        {log10(lr * lr * grad / size), "the learning rate is in it twice"}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (fabs(got - wrong[i].value) < 1e-5) reject("update_ratio is %.6g, want %.6g: %s", got, want, wrong[i].why);
    expect_number("update_ratio", got, want, TOLERANCE);
    const Tensor *same = weights();
    for (int i = 0; i < 15; i++)
        if (w->data[i] != same->data[i] || w->grad[i] != same->grad[i]) reject("after the call the %s of w[%d] is another: update_ratio only looks, it does not step", w->data[i] != same->data[i] ? "value" : "gradient", i);
    for (int i = 0; i < 15; i++) w->grad[i] *= 0x1p-60f;
    expect_number("with gradients 2^-60 times as large, which still vary, update_ratio", update_ratio(w, lr), want - 60 * log10(2), TOLERANCE);
}

static void judge_nan(const char *when, double got) {
    if (!isnan(got)) reject("update_ratio is %g where %s: there is no such ratio, want NAN", got, when);
}

static void no_ratio(void) {
    Tensor *w = weights(), *still = weights(), *at_zero = weights();
    for (int i = 0; i < 15; i++) {
        still->grad[i] = 0.25f;
        at_zero->grad[i] = 0;
        w->data[i] = 0.5f;
    }
    judge_nan("all gradients are 0", update_ratio(at_zero, 0.1));
    judge_nan("the gradients do not vary", update_ratio(still, 0.1));
    judge_nan("the values do not vary", update_ratio(w, 0.1));
    double got = update_ratio(weights(), 0.1);
    if (isnan(got) || isinf(got)) reject("update_ratio is %g where values and gradients vary", got);
}

static const GradeCheck CHECKS[] = {
    {"init", "multiplies every number", 1, true, scales, "Kaiming", 0},
    {"init", "the gain of each function", 1, false, gains, "Kaiming", 0},
    {"init", "weights of deviation gain / sqrt(I)", 1, true, kaiming_size, "Kaiming", 0},
    {"init", "drawn as the lectures draw them", 1, false, kaiming_order, "Kaiming", 0},
    {"op_batchnorm", "in training, columns of mean 0 and variance 1", 2, true, training, "Batch normalisation", 0},
    {"op_batchnorm", "times gain, plus bias", 1, false, gain_and_bias, "Batch normalisation", 0},
    {"op_batchnorm", "the running estimates move", 1, true, running, "Training and evaluation", 0},
    {"op_batchnorm", "in evaluation, by the running estimates", 1, true, evaluation, "Training and evaluation", 0},
    {"op_batchnorm", "x of three dimensions", 1, false, three_dimensions, "Batch normalisation", 0},
    {"op_batchnorm", "columns that hardly vary, or lie far from 0", 1, false, hard_columns, "Batch normalisation", 0},
    {"op_batchnorm", "the gradients of gain and bias", 1, true, to_gain_and_bias, "Backward, by hand", 0},
    {"op_batchnorm", "the gradient of x", 2, true, to_x, "Backward, by hand", 0},
    {"op_batchnorm", "gradients add up, and unwanted ones are skipped", 1, false, adds, "Backward, by hand", 0},
    {"op_batchnorm", "the gradients in evaluation", 1, false, to_x_in_evaluation, "Training and evaluation", 0},
    {"saturation", "the share beyond the limit", 1, true, share, "Saturation", 0},
    {"saturation", "dead units", 1, false, dead_units, "Saturation", 0},
    {"update_ratio", "log10 of step over size", 1, true, ratio, "Diagnostics", 0},
    {"update_ratio", "NAN where nothing varies", 1, false, no_ratio, "Diagnostics", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "04-batchnorm", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
