// grade/norm.c of 11-moe: the checks of op_rmsnorm, by plain sums with room for every bug.
#include "judges.h"
#include "op_rmsnorm.h"

#include <math.h>

static const double TOLERANCE = 2e-5, OF_GRADIENT = 1e-4;      // what eps does is less than that, in rows that are not small

// Which numbers of x share a mean square.
typedef enum { ROW, COLUMN, ALL, EXAMPLE } Group;

typedef struct {
    Group group;
    bool centred, about_mean;                   // x - m above; its squares below
    bool sum, unbiased, no_root, not_inverted, not_divided, absolute, no_square;
    bool eps_outside, eps_in_sum, eps_behind, eps_at_least;
    double other_eps;                           // not 0: this in place of 1e-5; below 0: none
    bool no_gain, gain_plus_1, gain_added, gain_by_row, gain_divides;
} Wrong;
static const Wrong RIGHT;

// x, its normalisation, and the numbers that this began with.
typedef struct {
    int rows, columns;
    size_t size;
    Tape tape;
    Tensor *x, *gain;
    float *dy;                      // (N,C) what comes in from behind
    const char *text;               // "x is (4,6): "
    Wrong eps;                      // how the learner's forward adds eps; that is the extra check's business alone
} Norm;

// No row may be small: what eps does there is for the check of small rows.
static void widen(float *row, int columns) {
    double square = 0;
    for (int c = 0; c < columns; c++) square += row[c] * (double)row[c] / columns;
    if (square < 0.3) row[0] += row[0] < 0 ? -1.5f : 1.5f;
}

static Norm norm_of(int ndim, const int *shape, float start) {
    Norm k = {.tape = used_tape(true), .x = given_tensor("x", ndim, shape, 21, start)};
    k.columns = last_of(k.x), k.rows = rows_of(k.x), k.size = k.x->size;
    k.gain = given_tensor("gain", 1, &k.columns, 32, start);
    for (size_t i = 0; i < k.size; i++) {       // rows and columns have means of their own, and rows are of different width
        int n = (int)i / k.columns, c = (int)i % k.columns;
        k.x->data[i] = k.x->data[i] * (0.6f + 0.3f * (float)(n % 4)) + 0.5f * (float)(n % 5) - 0.3f * (float)(c % 7);
    }
    for (int n = 0; n < k.rows; n++) widen(k.x->data + n * k.columns, k.columns);
    k.dy = given_floats(k.size, 26);
    k.text = xprintf("x is %s: ", shape_text(k.x));
    return k;
}

static int group_of(const Norm *k, Group group, size_t i) {
    int row = (int)i / k->columns, column = (int)i % k->columns, T = k->x->ndim > 2 ? k->x->shape[1] : 1;
    return group == COLUMN ? column : group == EXAMPLE ? row / T : group == ALL ? 0 : row;
}

// The mean, and the number by which the group of x[i] is divided.
static double divisor(const Norm *k, Wrong w, size_t i, double *m) {
    double sum = 0, squares = 0, eps = w.other_eps < 0 ? 0 : w.other_eps > 0 ? w.other_eps : 1e-5;
    int count = 0;
    for (size_t j = 0; j < k->size; j++)
        if (group_of(k, w.group, j) == group_of(k, w.group, i)) sum += k->x->data[j], count++;
    *m = sum / count;
    for (size_t j = 0; j < k->size; j++) {
        double from = k->x->data[j] - (w.about_mean ? *m : 0);
        if (group_of(k, w.group, j) == group_of(k, w.group, i)) squares += w.absolute ? fabs(from) : w.no_square ? from : from * from;
    }
    if (w.eps_in_sum) squares += eps, eps = 0;
    squares /= w.sum ? 1 : count - w.unbiased;
    if (w.absolute || w.no_root) return squares + eps;
    return w.eps_outside ? sqrt(squares) + eps : w.eps_at_least ? sqrt(fmax(squares, eps)) : sqrt(squares + eps);
}

static float *normal(const Norm *k, Wrong w) {
    float *y = filled(k->size, 0);
    for (size_t i = 0; i < k->size; i++) {
        double m, below = divisor(k, w, i, &m), above = k->x->data[i] - (w.centred ? m : 0);
        double u = w.not_divided ? above : w.not_inverted ? above * below : above * (1 / below + (w.eps_behind ? 1e-5 : 0));
        double gain = k->gain->data[w.gain_by_row ? (int)i / k->columns % k->columns : (int)i % k->columns];
        y[i] = (float)(w.no_gain ? u : w.gain_added ? u + gain : w.gain_divides ? u / gain : w.gain_plus_1 ? u * (1 + gain) : u * gain);
    }
    return y;
}

// --- forward ---

static const char OTHER_EPS[] = "eps is another number: here it is 1e-5";
static const struct { const char *why; Wrong wrong; } EPS[] = {
    {"eps is added outside of the root: want 1 / sqrt(mean of x² + eps)", {.eps_outside = true}},
    {"eps is left out, or far too small, or added where it changes nothing: 1e-5, inside of the root, 1 / sqrt(mean of x² + eps)", {.other_eps = -1}},
    {"eps is added to the sum of the squares, and divided by C with it: it is added to their mean", {.eps_in_sum = true}},
    {"eps is added to 1 / sqrt(mean of x²): it belongs inside of the root, 1 / sqrt(mean of x² + eps)", {.other_eps = -1, .eps_behind = true}},
    {"eps is what the mean square is at least: it is added to it", {.eps_at_least = true}},
    {OTHER_EPS, {.other_eps = 1e-6}},
    {OTHER_EPS, {.other_eps = 1e-8}},
    {OTHER_EPS, {.other_eps = 1e-4}},
    {OTHER_EPS, {.other_eps = 1e-3}}};

static const Suspect *eps_suspects(const Norm *k) {
    Suspect *suspects = xcalloc(COUNT(EPS) + 1, sizeof *suspects);
    for (int i = 0; i < COUNT(EPS); i++) suspects[i] = (Suspect){EPS[i].why, normal(k, EPS[i].wrong)};
    return suspects;
}

// Is row 0 right, and nothing that is known the cause of the others?
static void first_row_only(const Norm *k, const char *what, const float *got, const float *want, const Suspect *suspects) {
    if (!is_close(got, want, (size_t)k->columns) || is_close(got, want, k->size) || k->rows < 2) return;
    for (const Suspect *s = suspects; s->why; s++)
        if (is_close(got, s->values, k->size)) return;
    if (!is_close(got + k->columns, want + k->columns, (size_t)k->columns))
        reject("%s%s is right in the first row, and wrong in the next: does the sum begin at 0 in every row, and is each row taken at n * C?", k->text, what);
}

static const struct { const char *why; Wrong wrong; } KNOWN[] = {
    {"the columns are normalised, as in batch norm: here every row has a mean square of its own, over its C numbers", {.group = COLUMN}},
    {"each example is normalised over time and channels together: every token has a mean square of its own, over its C numbers", {.group = EXAMPLE}},
    {"one mean square for all of x: every row has its own", {.group = ALL}},
    {"that is layer norm: it takes the mean away first, from x and in the squares. RMSNorm does not: its point is that it goes without", {.centred = true, .about_mean = true}},
    {"the mean is subtracted from x: RMSNorm leaves it where it is, and divides only", {.centred = true}},
    {"the squares are those of x - m, the variance: here they are those of x itself", {.about_mean = true}},
    {"the squares are added up, and not divided by C: it is their mean", {.sum = true}},
    {"that is the root of the mean of x, without the squares", {.no_square = true}},
    {"the sum of the squares is divided by C - 1: here it is their mean, over C", {.unbiased = true}},
    {"x is divided by the mean of the squares: want the root of that", {.no_root = true}},
    {"x is multiplied by the root of the mean square: it is divided by it, r = 1 / sqrt(mean of x² + eps)", {.not_inverted = true}},
    {"x is not divided: that is x times the gain only", {.not_divided = true}},
    {"x is divided by the mean of |x|: want the root of the mean of x²", {.absolute = true}},
    {"the gain is left out: y = x r gain", {.no_gain = true}},
    {"1 is added to the gain: it is what the file says, and begins as 1", {.gain_plus_1 = true}},
    {"the gain is added: it multiplies", {.gain_added = true}},
    {"y is divided by the gain: it is multiplied by it", {.gain_divides = true}},
    {"the gain is taken by row: column c has gain[c], the same in every row", {.gain_by_row = true}}};

static void judge_rows(int ndim, const int *shape, bool record) {
    Norm k = norm_of(ndim, shape, 0);
    k.tape = used_tape(record);
    Tensor *y = op_rmsnorm(&k.tape, k.x, k.gain);
    Suspect suspects[COUNT(KNOWN) + 1] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(KNOWN); i++) suspects[i] = (Suspect){KNOWN[i].why, normal(&k, KNOWN[i].wrong)};
    expect_shape("y", y, xprintf("%s", shape_text(k.x)));
    const float *of_sums = normal(&k, (Wrong){.no_square = true});
    int nans = 0, expected = 0;
    for (size_t i = 0; i < k.size; i++) nans += isnan(y->data[i]), expected += isnan(of_sums[i]) && isnan(y->data[i]);
    if (nans > 0 && nans == expected && nans < (int)k.size) reject("%srows of y are NaN: that is the root of the mean of x, which may be below 0. Want the mean of the squares, x times x", k.text);
    for (size_t i = 0; i < k.size; i++)
        if (isnan(y->data[i]) && !isnan(y->data[0]) && i % (size_t)k.columns == 0)
            reject("%srow %d of y is NaN: there are rows_of(x) = %d rows and last_of(x) = %d columns; x->shape[0] and x->shape[1] are those of a matrix only", k.text, (int)i / k.columns, k.rows, k.columns);
    expect_floats("x is to be left alone: after the call x", k.x->data, norm_of(ndim, shape, 0).x->data, k.size, k.x, 0, NULL);
    expect_floats("the gain is to be left alone: after the call gain", k.gain->data, norm_of(ndim, shape, 0).gain->data, k.gain->size, k.gain, 0, NULL);
    for (const Suspect *eps = eps_suspects(&k); eps->why; eps++)
        if (is_close(y->data, eps->values, k.size)) return;             // that is the third check's
    first_row_only(&k, "y", y->data, normal(&k, RIGHT), suspects);
    expect_floats(xprintf("%sy", k.text), y->data, normal(&k, RIGHT), k.size, y, TOLERANCE, suspects);
}

void norm_rows(void) {
    judge_rows(2, (int[]){4, 6}, true);
    judge_rows(3, (int[]){3, 2, 5}, true);
    judge_rows(4, (int[]){2, 3, 2, 3}, true);
    judge_rows(1, (int[]){7}, true);
    judge_rows(2, (int[]){70, 3}, true);
    judge_rows(2, (int[]){2, 300}, true);
    judge_rows(3, (int[]){3, 2, 5}, false);
}

// Rows as small as eps, and smaller.
static Norm small_rows(float start) {
    Norm k = norm_of(2, (int[]){4, 6}, start);
    for (int i = 0; i < 12; i++) k.x->data[i] *= i < 6 ? 0.002f : 0.0003f;
    return k;
}

// --- backward ---

// What may be wrong with the gradients.
typedef struct {
    bool no_square, plus_square, no_u, undivided, by_c1, mean_of_dy, columns, layer;      // the term that is taken away
    bool no_gain, gain_outside, gain_twice, gain_in_sum, gain_divides;
    bool no_r, r_twice, raw, raw_in_sum, raw_outside, of_y;
    bool no_eps;                                                    // in r
    bool last_row, first_row, mean;                                 // sums over the rows
} Slip;

static double r_of(const Norm *k, size_t i, Slip s) {
    double m;
    Wrong w = k->eps;
    if (s.no_eps) w = (Wrong){.other_eps = -1};
    return 1 / divisor(k, w, i, &m) + (w.eps_behind ? 1e-5 : 0);
}

// u of x[i], or what is taken for it.
static double u_of(const Norm *k, size_t i, Slip s) {
    double x = k->x->data[i], u = x * r_of(k, i, s);
    return s.raw ? x : s.of_y ? k->gain->data[i % (size_t)k->columns] * u : u;
}

static float *of_gain(const Norm *k, bool of_dy, Slip s) {
    float *sums = filled((size_t)k->columns, 0);
    for (int c = 0; c < k->columns; c++) {
        double sum = 0;
        for (int n = s.last_row ? k->rows - 1 : 0; n < (s.first_row ? 1 : k->rows); n++) {
            size_t i = (size_t)(n * k->columns + c);
            sum += k->dy[i] * (of_dy ? 1 : u_of(k, i, s));
        }
        sums[c] = (float)(sum / (s.mean ? k->rows : 1) * (s.gain_twice ? k->gain->data[c] : 1));
    }
    return sums;
}

static float *of_x(const Norm *k, Slip s) {
    float *dx = filled(k->size, 0);
    Group group = s.columns ? COLUMN : ROW;
    for (size_t i = 0; i < k->size; i++) {
        double sum = 0, sum_du = 0, r = r_of(k, i, s), gain = k->gain->data[i % (size_t)k->columns];
        int count = 0;
        for (size_t j = 0; j < k->size; j++) {
            double g = k->gain->data[j % (size_t)k->columns], du = k->dy[j] * (s.no_gain || s.gain_outside || s.mean_of_dy ? 1 : s.gain_divides ? 1 / g : g);
            if (group_of(k, group, j) != group_of(k, group, i)) continue;
            sum += du * (s.raw_in_sum ? k->x->data[j] : u_of(k, j, s));
            sum_du += du;
            count++;
        }
        sum /= s.undivided ? 1 : s.by_c1 ? count - 1 : count;
        double inner = k->dy[i] * (s.no_gain || s.gain_outside || s.gain_in_sum ? 1 : s.gain_divides ? 1 / gain : gain);
        if (!s.no_square) inner -= (s.no_u ? 1 : s.raw_outside ? k->x->data[i] : u_of(k, i, s)) * (s.plus_square ? -sum : sum);
        if (s.layer) inner -= sum_du / count;
        dx[i] = (float)(inner * (s.no_r ? 1 : s.r_twice ? r * r : r) * (s.gain_outside || s.gain_twice ? gain : 1));
    }
    return dx;
}

// If y is not right there is nothing to go back from; which eps it has is not judged here.
static Tensor *forward(Norm *k) {
    Norm small = small_rows(0);
    Tensor *tiny = op_rmsnorm(&small.tape, small.x, small.gain), *y = op_rmsnorm(&k->tape, k->x, k->gain);
    for (int i = COUNT(EPS) - 1; i >= 0; i--)
        if (is_close(tiny->data, normal(&small, EPS[i].wrong), small.size)) k->eps = EPS[i].wrong;
    if (!is_close(y->data, normal(k, k->eps), k->size)) reject("%sy is not right yet, so its gradients cannot be: see the check above", k->text);
    return y;
}

static void back(Norm *k) { go_back_reading(&k->tape, forward(k), k->dy); }

static const struct { const char *why; bool of_dy; Slip slip; } GAIN[] = {
    {"dgain is the sum of dy alone: the gain multiplies u = x r, so dgain is the sum of dy * u", true, {0}},
    {"dgain holds the last row's part only: every row used the same gain, so their gradients add (+=)", false, {.last_row = true}},
    {"dgain holds the first row's part only: every row used the same gain", false, {.first_row = true}},
    {"dgain is a mean over the rows: it is their sum", false, {.mean = true}},
    {"dgain is the sum of dy * x: the gain multiplies u = x r, not x", false, {.raw = true}},
    {"dgain is the sum of dy * y: the gain multiplies u, which y was before the gain", false, {.of_y = true}},
    {"dgain is multiplied by the gain: y = gain * u, so dgain is the sum of dy * u", false, {.gain_twice = true}}};

static const struct { const char *why; Slip slip; } OF_X[] = {
    {"dx takes r for a constant: every x moves the mean square of its row, and with it the row's other numbers: - u mean(du u)", {.no_square = true}},
    {"dx lacks the gain: y = gain * u, so du = gain * dy, in both places", {.no_gain = true}},
    {"in dx the gain multiplies dy, but not in the mean: du = dy * gain in both places", {.mean_of_dy = true}},
    {"in dx the gain is in the mean, but not in the first term: du = dy * gain in both places", {.gain_in_sum = true}},
    {"in dx the gain stands outside of the bracket. Each number of the row has its own, so it is in the mean too: du = dy * gain first", {.gain_outside = true}},
    {"dx has the gain twice", {.gain_twice = true}},
    {"in dx dy is divided by the gain: it is multiplied by it", {.gain_divides = true}},
    {"in dx the mean lacks the u before it: - u mean(du u)", {.no_u = true}},
    {"in dx the term of the mean square has the wrong sign: - u mean(du u)", {.plus_square = true}},
    {"in dx the sum is not divided: it is a mean over the C numbers of a row", {.undivided = true}},
    {"in dx the sum is divided by C - 1: it is a mean over C numbers", {.by_c1 = true}},
    {"in dx the mean goes over a column: it goes over the C numbers of a row", {.columns = true}},
    {"that is the gradient of layer norm, with - mean(du) in it: RMSNorm has no mean that x could move", {.layer = true}},
    {"dx lacks r: u = x r, so a row of large numbers passes on less", {.no_r = true}},
    {"dx has r twice", {.r_twice = true}},
    {"in dx x stands where u = x r should, in both places", {.raw = true}},
    {"in dx the mean is that of du * x: it is that of du * u, with u = x r", {.raw_in_sum = true}},
    {"in dx x stands before the mean: u = x r does", {.raw_outside = true}},
    {"in dx y stands where u should: y has the gain in it", {.of_y = true}}};

static void judge_added(const char *when, const char *what, const Tensor *t, const float *more, Suspect *suspects, int count, float start) {
    for (int i = 0; i < count; i++) suspects[i].values = plus(start, suspects[i].values, t->size);
    suspects[count++] = (Suspect){xprintf("%s stays as it was", what), filled(t->size, start)};
    suspects[count++] = (Suspect){xprintf("%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", what), copy(more, t->size)};
    expect_floats(xprintf("%s%s%s", when, was(start), what), t->grad, plus(start, more, t->size), t->size, t, OF_GRADIENT, suspects);
}

static void judge_gradients(const Norm *k, const char *when, float start) {
    Suspect gain[COUNT(GAIN) + 3] = {{NULL, NULL}}, x[COUNT(OF_X) + 3] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(GAIN); i++) gain[i] = (Suspect){GAIN[i].why, of_gain(k, GAIN[i].of_dy, GAIN[i].slip)};
    for (int i = 0; i < COUNT(OF_X); i++) x[i] = (Suspect){OF_X[i].why, of_x(k, OF_X[i].slip)};
    if (k->gain->grad && k->rows > 1 && is_close(k->gain->grad, of_gain(k, false, (Slip){.last_row = true}), k->gain->size))
        reject("%sdgain is overwritten by each row (=): every row used the same gain, so their gradients add (+=)", when);
    for (int c = 0; k->gain->grad && c < k->columns; c++)
        if (isnan(k->gain->grad[c])) reject("%sdgain is NaN: backward reads r, and forward has not written it for every row", when);
    if (k->gain->grad) judge_added(when, "dgain", k->gain, of_gain(k, false, (Slip){0}), gain, COUNT(GAIN), start);
    if (!k->x->grad) return;
    first_row_only(k, "dx", k->x->grad, plus(start, of_x(k, (Slip){0}), k->size), (Suspect[]){{NULL, NULL}});
    judge_added(when, "dx", k->x, of_x(k, (Slip){0}), x, COUNT(OF_X), start);
}

static void judge_back(int ndim, const int *shape, float start) {
    Norm k = norm_of(ndim, shape, start);
    back(&k);
    judge_gradients(&k, k.text, start);
}

void norm_back(void) {
    judge_back(2, (int[]){4, 6}, 0.5f);
    judge_back(3, (int[]){3, 2, 5}, 0.5f);
    judge_back(2, (int[]){70, 3}, 0);
    Norm k = norm_of(2, (int[]){4, 6}, 0.5f);                       // an input from outside wants no gradient
    unwanted(k.x);
    back(&k);
    judge_gradients(&k, "x wants no gradient (its grad is NULL): ", 0.5f);
    k = norm_of(2, (int[]){4, 6}, 0.5f);                            // nor does a gain that is not learned
    unwanted(k.gain);
    back(&k);
    judge_gradients(&k, "the gain wants no gradient (its grad is NULL): ", 0.5f);
    k = norm_of(3, (int[]){2, 3, 5}, 0.5f);                         // a block has two norms: forward through both, then back
    Norm next = norm_of(2, (int[]){4, 6}, 0.5f);
    Tensor *y = forward(&k);
    forward(&next);
    go_back_reading(&k.tape, y, k.dy);
    judge_gradients(&k, "two norms at once (keep what backward needs in y->saved, not in static memory), and back through the first: ", 0.5f);
    k = norm_of(2, (int[]){4, 6}, 0.5f);
    k.gain->data[1] = 0;
    back(&k);
    if (isnan(k.gain->grad[1])) reject("with a gain of 0 in column 1, dgain is NaN: x and r still have u there; y divided by the gain has not");
    judge_gradients(&k, "with a gain of 0 in column 1: ", 0.5f);
}

void norm_small(void) {
    Norm k = small_rows(0), wide = norm_of(2, (int[]){4, 6}, 0);
    Tensor *y = op_rmsnorm(&k.tape, k.x, k.gain);
    bool known = false;
    for (const Suspect *eps = eps_suspects(&k); eps->why; eps++) known = known || is_close(y->data, eps->values, k.size);
    if (!known && !is_close(op_rmsnorm(&wide.tape, wide.x, wide.gain)->data, normal(&wide, RIGHT), wide.size)) reject("y is not right yet, so that of small rows cannot be: see the check above");
    expect_floats("for rows as small as eps, y", y->data, normal(&k, RIGHT), k.size, y, 1e-4, eps_suspects(&k));
    k = small_rows(0);
    for (int c = 0; c < 6; c++) k.x->data[c] = 0;
    y = op_rmsnorm(&k.tape, k.x, k.gain);
    for (int c = 0; c < 6; c++)
        if (isnan(y->data[c])) reject("for a row of zeros y is NaN, 0 divided by 0: eps inside of the root prevents that");
    expect_floats("for a row of zeros, y", y->data, normal(&k, RIGHT), k.size, y, 1e-4, NULL);
    k = small_rows(0);
    back(&k);
    const Suspect suspects[] = {{"for rows as small as eps, dx is that of an r without eps: forward's r[n] has it", of_x(&k, (Slip){.no_eps = true})}, {NULL, NULL}};
    Norm plain = norm_of(2, (int[]){4, 6}, 0);
    back(&plain);
    if (!is_close(plain.x->grad, of_x(&plain, (Slip){0}), plain.size)) reject("dx is not right yet, so that of small rows cannot be: see the check above");
    expect_floats("for rows as small as eps, dx", k.x->grad, of_x(&k, (Slip){0}), k.size, k.x, 2e-4, suspects);
}
