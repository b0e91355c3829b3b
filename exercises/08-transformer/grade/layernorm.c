// grade/layernorm.c of 08-transformer: the checks of op_layernorm, by plain sums with room for every bug.
#include "judges.h"
#include "op_layernorm.h"

#include <math.h>
#include <string.h>

static const double TOLERANCE = 2e-5, OF_DX = 1e-4;       // what eps does is less than that, in rows that vary

// Which numbers of x share a mean and a variance.
typedef enum { ROW, COLUMN, ALL, EXAMPLE, OVER_TIME, OVER_BATCH } Group;

typedef struct {
    Group group;
    bool unbiased, about_zero, sum;             // v: by C - 1; of x itself, not about its mean; not divided
    bool not_centred, no_root, not_inverted, not_divided, no_mean_division;
    bool eps_outside, eps_behind;
    double other_eps;                           // not 0: this in place of 1e-5; below 0: none
    bool exchanged, no_gain, no_bias, bias_first, gain_plus_1;
} Wrong;
static const Wrong RIGHT;

// x, its normalisation, and the numbers that this began with.
typedef struct {
    int rows, columns;
    size_t size;
    Tape tape;
    Tensor *x, *gain, *bias;        // bias may be NULL
    float *dy;                      // (N,C) what comes in from behind
    const char *text;               // "x is (4,6): "
    Wrong eps;                      // how the learner's forward adds eps; that is the extra check's business alone
} Norm;

// No row may vary too little: what a small variance does is for the check of hard rows.
static void widen(float *row, int columns) {
    double m = 0, v = 0;
    for (int c = 0; c < columns; c++) m += row[c] / (double)columns;
    for (int c = 0; c < columns; c++) v += (row[c] - m) * (row[c] - m) / columns;
    if (v < 0.2) row[0] += row[0] < m ? -1 : 1;
}

static Norm norm_of(int ndim, const int *shape, float start) {
    Norm k = {.tape = used_tape(true), .x = given_tensor("x", ndim, shape, 21, start)};
    k.columns = last_of(k.x), k.rows = rows_of(k.x), k.size = k.x->size;
    k.gain = given_tensor("gain", 1, &k.columns, 32, start);
    k.bias = given_tensor("bias", 1, &k.columns, 23, start);
    for (size_t i = 0; i < k.size; i++) {       // rows and columns have means of their own, and rows are of different width
        int n = (int)i / k.columns, c = (int)i % k.columns;
        k.x->data[i] = k.x->data[i] * (0.6f + 0.3f * (float)(n % 4)) + 0.7f * (float)(n % 5) - 0.4f * (float)c;
    }
    for (int n = 0; n < k.rows; n++) widen(k.x->data + n * k.columns, k.columns);
    k.dy = given_floats(k.size, 26);
    k.text = xprintf("x is %s: ", shape_text(k.x));
    return k;
}

static void plain_gain(Norm *k) {
    for (int c = 0; c < k->columns; c++) {
        k->gain->data[c] = 1;
        k->bias->data[c] = 0;
    }
}

static int group_of(const Norm *k, Group group, size_t i) {
    int row = (int)i / k->columns, column = (int)i % k->columns, T = k->x->ndim > 2 ? k->x->shape[1] : 1;
    switch (group) {
    case COLUMN: return column;
    case EXAMPLE: return row / T;
    case OVER_TIME: return row / T * k->columns + column;
    case OVER_BATCH: return row % T * k->columns + column;
    case ALL: return 0;
    default: return row;
    }
}

// The mean and the variance that x[i] belongs to.
static void spread(const Norm *k, Wrong w, size_t i, double *m, double *v) {
    double sum = 0, squares = 0;
    int count = 0;
    for (size_t j = 0; j < k->size; j++)
        if (group_of(k, w.group, j) == group_of(k, w.group, i)) {
            sum += k->x->data[j];
            count++;
        }
    *m = sum / (w.no_mean_division ? 1 : count);
    for (size_t j = 0; j < k->size; j++) {
        double from = k->x->data[j] - (w.about_zero ? 0 : *m);
        if (group_of(k, w.group, j) == group_of(k, w.group, i)) squares += from * from;
    }
    *v = squares / (w.sum ? 1 : count - w.unbiased);
}

static float *normal(const Norm *k, Wrong w) {
    float *y = filled(k->size, 0);
    double eps = w.other_eps < 0 ? 0 : w.other_eps > 0 ? w.other_eps : 1e-5;
    for (size_t i = 0; i < k->size; i++) {
        int c = (int)i % k->columns;
        double m, v;
        spread(k, w, i, &m, &v);
        double above = k->x->data[i] - (w.not_centred ? 0 : m);
        double below = w.no_root ? v + eps : w.eps_outside ? sqrt(v) + eps : sqrt(v + eps);
        double u = w.not_divided ? above : w.not_inverted ? above * below : above * (1 / below + (w.eps_behind ? 1e-5 : 0));
        double gain = w.no_gain ? 1 : k->gain->data[c] + (w.gain_plus_1 ? 1 : 0), bias = w.no_bias || !k->bias ? 0 : k->bias->data[c];
        y[i] = (float)(w.exchanged ? bias * u + gain : w.bias_first ? gain * (u + bias) : gain * u + bias);
    }
    return y;
}

// --- forward ---

static const char OTHER_EPS[] = "eps is another number: it is 1e-5, as in PyTorch and in GPT-2";
static const struct { const char *why; Wrong wrong; } EPS[] = {
    {"eps is added outside of the root: want sqrt(v + eps)", {.eps_outside = true}},
    {"eps is left out, or far too small, or added where it changes nothing: 1e-5, inside of the root, sqrt(v + eps)", {.other_eps = -1}},
    {"eps is added to 1 / sqrt(v): it belongs inside of the root, sqrt(v + eps)", {.other_eps = -1, .eps_behind = true}},
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
        reject("%s%s is right in the first row, and wrong in the next: do the sums begin at 0 in every row, and is each row taken at n * C?", k->text, what);
}

static void judge_rows(int ndim, const int *shape) {
    Norm k = norm_of(ndim, shape, 0);
    plain_gain(&k);
    Tensor *y = op_layernorm(&k.tape, k.x, k.gain, k.bias);
    const Suspect suspects[] = {
        {"the columns are normalised, as in batch norm: here every row has its own mean and variance, over its C numbers, whatever the other rows are", normal(&k, (Wrong){.group = COLUMN})},
        {"the columns are normalised, as in batch norm, and the variance divided by N - 1: here every row has its own mean and variance, over its C numbers, divided by C", normal(&k, (Wrong){.group = COLUMN, .unbiased = true})},
        {"each example is normalised over time and channels together: every token has its own mean and variance, over its C numbers", normal(&k, (Wrong){.group = EXAMPLE})},
        {"the mean is taken over time: it goes over the C numbers of a row", normal(&k, (Wrong){.group = OVER_TIME})},
        {"the mean is taken over the examples of the batch: it goes over the C numbers of a row", normal(&k, (Wrong){.group = OVER_BATCH})},
        {"one mean and one variance for all of x: every row has its own", normal(&k, (Wrong){.group = ALL})},
        {"the variance is divided by C - 1: here it is the biased one, divided by C, as in PyTorch's layer norm", normal(&k, (Wrong){.unbiased = true})},
        {"the squares are added up, and not divided by C: the variance is their mean", normal(&k, (Wrong){.sum = true})},
        {"m is the sum of the row: divide it by C", normal(&k, (Wrong){.no_mean_division = true})},
        {"the mean is not subtracted from x: that is near RMSNorm, which later models use; here it is (x - m) * r", normal(&k, (Wrong){.not_centred = true})},
        {"that is RMSNorm, which later models use: it divides by the root of the mean of x². Layer norm takes the mean away first, from x and in the variance", normal(&k, (Wrong){.not_centred = true, .about_zero = true})},
        {"the variance is that about 0, the mean of x²: take the squares of x - m", normal(&k, (Wrong){.about_zero = true})},
        {"x - m is divided by the variance: want its root, the deviation", normal(&k, (Wrong){.no_root = true})},
        {"x - m is multiplied by the deviation: it is divided by it, r = 1 / sqrt(v + eps)", normal(&k, (Wrong){.not_inverted = true})},
        {"the mean is 0, but the variance is as it was: x - m is to be divided by sqrt(v + eps)", normal(&k, (Wrong){.not_divided = true})},
        {"gain and bias are exchanged: the gain multiplies, the bias is added", normal(&k, (Wrong){.exchanged = true})},
        {"1 is added to the gain: it is what the file says, and begins as 1", normal(&k, (Wrong){.gain_plus_1 = true})},
        {NULL, NULL}};
    for (size_t i = 0; i < k.size; i++)
        if (isnan(y->data[i]) && !isnan(y->data[0]) && i % (size_t)k.columns == 0)
            reject("%srow %d of y is NaN: there are rows_of(x) = %d rows and last_of(x) = %d columns; x->shape[0] and x->shape[1] are those of a matrix only", k.text, (int)i / k.columns, k.rows, k.columns);
    expect_floats("x is to be left alone: after the call x", k.x->data, norm_of(ndim, shape, 0).x->data, k.size, k.x, 0, NULL);
    for (const Suspect *eps = eps_suspects(&k); eps->why; eps++)
        if (is_close(y->data, eps->values, k.size)) return;             // that is the third check's
    first_row_only(&k, "y", y->data, normal(&k, RIGHT), suspects);
    expect_floats(xprintf("%swith gain 1 and bias 0, y", k.text), y->data, normal(&k, RIGHT), k.size, y, TOLERANCE, suspects);
}

void layernorm_rows(void) {
    judge_rows(2, (int[]){4, 6});
    judge_rows(3, (int[]){3, 2, 5});
    judge_rows(4, (int[]){2, 3, 2, 3});
    judge_rows(1, (int[]){7});
    judge_rows(2, (int[]){70, 3});
    judge_rows(2, (int[]){2, 300});
}

// y without gain and bias is taken from the operation itself: whether that is right is the check before's.
static void judge_gain(bool with_bias) {
    const int shape[] = {2, 3, 5};
    Norm plain = norm_of(3, shape, 0), k = norm_of(3, shape, 0);
    plain_gain(&plain);
    if (!with_bias) k.bias = NULL;
    const float *u = op_layernorm(&plain.tape, plain.x, plain.gain, plain.bias)->data;
    for (size_t i = 0; i < k.size; i++)
        if (isnan(u[i])) reject("with gain 1 and bias 0, row %d of y is NaN already: see the check above", (int)i / k.columns);
    if (!(fabsf(u[0]) > 0)) reject("with gain 1 and bias 0, y[0][0][0] is %g already: is it set?", (double)u[0]);
    if (!with_bias) if_stopped("null pointer", "bias may be NULL: a norm without one. Ask for that before it is used");
    Tensor *y = op_layernorm(&k.tape, k.x, k.gain, k.bias);
    float *want = filled(k.size, 0), *no_gain = copy(want, k.size), *no_bias = copy(want, k.size), *bias_first = copy(want, k.size), *by_row = copy(want, k.size), *as_gain = copy(want, k.size);
    for (size_t i = 0; i < k.size; i++) {
        int c = (int)i % k.columns, n = (int)i / k.columns % k.columns;
        float gain = k.gain->data[c], bias = with_bias ? k.bias->data[c] : 0;
        want[i] = gain * u[i] + bias;
        no_gain[i] = u[i] + bias;
        no_bias[i] = gain * u[i];
        bias_first[i] = gain * (u[i] + bias);
        as_gain[i] = gain * u[i] + gain;
        by_row[i] = k.gain->data[n] * u[i] + (with_bias ? k.bias->data[n] : 0);
    }
    const Suspect suspects[] = {
        {"gain and bias are exchanged: the gain multiplies, the bias is added", normal(&k, (Wrong){.exchanged = true})},
        {"the gain is left out", no_gain},
        {"the bias is left out", no_bias},
        {"gain and bias are left out", u},
        {"the bias is multiplied by the gain: it is added last", bias_first},
        {"gain and bias are taken by row: column c has gain[c] and bias[c], the same in every row", by_row},
        {"without a bias the gain is added in its place: nothing is added", as_gain},
        {NULL, NULL}};
    expect_floats(with_bias ? "with a gain and a bias, y" : "with a gain, bias NULL, y", y->data, want, k.size, y, TOLERANCE, suspects);
}

void layernorm_gain_and_bias(void) {
    judge_gain(true);
    judge_gain(false);
    Norm k = norm_of(2, (int[]){4, 6}, 0), learning = norm_of(2, (int[]){4, 6}, 0);
    k.tape = used_tape(false);
    Tensor *y = op_layernorm(&k.tape, k.x, k.gain, k.bias), *same = op_layernorm(&learning.tape, learning.x, learning.gain, learning.bias);
    expect_floats("on a tape that does not record (evaluation) y is another than in training, and nothing should differ: y", y->data, same->data, k.size, y, TOLERANCE, NULL);
    expect_floats("the gain is to be left alone: after the call gain", k.gain->data, norm_of(2, (int[]){4, 6}, 0).gain->data, 6, k.gain, 0, NULL);
}

// Rows that vary as little as eps, and less.
static Norm narrow_rows(void) {
    Norm k = norm_of(2, (int[]){4, 6}, 0);
    for (int i = 0; i < 12; i++) k.x->data[i] *= i < 6 ? 0.004f : 0.0005f;
    return k;
}

// --- backward ---

// What may be wrong with the gradients of a row.
typedef struct {
    bool no_mean, no_var, no_u, plus_mean, plus_var, undivided, by_c1, mean_of_dy, mean_u_of_dy;    // the two terms that are taken away
    bool no_gain, gain_outside, gain_twice, gain_on_dy, gain_in_sums;       // the gain
    bool no_r, r_twice, columns, raw, centred_only, of_y, times_deviation;
    bool no_eps;                                                    // in r
    bool last_row, first_row, mean;                                 // sums over the rows
} Slip;

typedef struct { double m, r; } Row;

static Row row_of(const Norm *k, size_t i, Slip s) {
    double m, v;
    spread(k, RIGHT, i, &m, &v);
    double eps = s.no_eps || k->eps.other_eps < 0 ? 0 : k->eps.other_eps > 0 ? k->eps.other_eps : 1e-5;
    return (Row){m, (k->eps.eps_outside && !s.no_eps ? 1 / (sqrt(v) + eps) : 1 / sqrt(v + eps)) + (k->eps.eps_behind ? 1e-5 : 0)};
}

// u of x[i], or what is taken for it.
static double u_of(const Norm *k, size_t i, Slip s) {
    Row row = row_of(k, i, s);
    double x = k->x->data[i], u = (x - row.m) * row.r;
    int c = (int)i % k->columns;
    return s.raw ? x : s.centred_only ? x - row.m : s.times_deviation ? (x - row.m) / row.r : s.of_y ? k->gain->data[c] * u + (k->bias ? k->bias->data[c] : 0) : u;
}

// The sum of dy over the rows of every column (of_bias), or of dy u.
static float *column_sums(const Norm *k, bool of_bias, Slip s) {
    float *sums = filled((size_t)k->columns, 0);
    for (int c = 0; c < k->columns; c++) {
        double sum = 0;
        for (int n = s.last_row ? k->rows - 1 : 0; n < (s.first_row ? 1 : k->rows); n++) {
            size_t i = (size_t)(n * k->columns + c);
            sum += k->dy[i] * (of_bias ? 1 : u_of(k, i, s));
        }
        sums[c] = (float)(sum / (s.mean ? k->rows : 1) * (s.gain_twice ? k->gain->data[c] : 1));
    }
    return sums;
}

// du = dy gain, as it is used in the bracket (in_sums: in its two sums).
static double du_of(const Norm *k, size_t i, Slip s, bool in_sums) {
    bool without = s.no_gain || s.gain_outside || (in_sums ? s.gain_on_dy : s.gain_in_sums);
    return k->dy[i] * (without ? 1 : k->gain->data[i % (size_t)k->columns]);
}

static float *slope(const Norm *k, Slip s) {
    float *dx = filled(k->size, 0);
    for (size_t i = 0; i < k->size; i++) {
        double sum = 0, sum_u = 0, r = row_of(k, i, s).r, gain = k->gain->data[i % (size_t)k->columns];
        int count = 0;
        for (size_t j = 0; j < k->size; j++)
            if (group_of(k, s.columns ? COLUMN : ROW, j) == group_of(k, s.columns ? COLUMN : ROW, i)) {
                sum += s.mean_of_dy ? k->dy[j] : du_of(k, j, s, true);
                sum_u += (s.mean_u_of_dy ? k->dy[j] : du_of(k, j, s, true)) * u_of(k, j, s);
                count++;
            }
        sum /= s.undivided ? 1 : count;
        sum_u /= s.undivided ? 1 : s.by_c1 ? count - 1 : count;
        double inner = du_of(k, i, s, false);
        if (!s.no_mean) inner -= s.plus_mean ? -sum : sum;
        if (!s.no_var) inner -= (s.no_u ? 1 : u_of(k, i, s)) * (s.plus_var ? -sum_u : sum_u);
        dx[i] = (float)(inner * (s.no_r ? 1 : s.r_twice ? r * r : s.times_deviation ? 1 / r : r) * (s.gain_outside || s.gain_twice ? gain : 1));
    }
    return dx;
}

// If y is not right there is nothing to go back from; which eps it has is not judged here.
static Tensor *forward(Norm *k) {
    if (!k->bias) if_stopped("null pointer", "bias may be NULL: ask for that before it is used");
    Norm narrow = narrow_rows();
    Tensor *small = op_layernorm(&narrow.tape, narrow.x, narrow.gain, narrow.bias), *y = op_layernorm(&k->tape, k->x, k->gain, k->bias);
    for (int i = COUNT(EPS) - 1; i >= 0; i--)
        if (is_close(small->data, normal(&narrow, EPS[i].wrong), narrow.size)) k->eps = EPS[i].wrong;
    if (!is_close(y->data, normal(k, k->eps), k->size)) reject("%sy is not right yet, so its gradients cannot be: see the checks above", k->text);
    if (!k->bias) if_stopped("null pointer", "bias may be NULL, in backward too: ask for that before its grad is used");
    return y;
}

static void back(Norm *k) { go_back_reading(&k->tape, forward(k), k->dy); }

void layernorm_to_gain_and_bias(void) {
    Norm k = norm_of(3, (int[]){2, 3, 5}, 0);
    back(&k);
    size_t C = 5;
    const Suspect bias[] = {
        {"dbias holds the last row's part only: every row used the same bias, so their gradients add (+=)", column_sums(&k, true, (Slip){.last_row = true})},
        {"dbias holds the first row's part only: every row used the same bias", column_sums(&k, true, (Slip){.first_row = true})},
        {"dbias is a mean over the rows: it is their sum", column_sums(&k, true, (Slip){.mean = true})},
        {"dbias is multiplied by the gain: the bias is added after it", column_sums(&k, true, (Slip){.gain_twice = true})},
        {"dbias and dgain are exchanged: the bias's is the sum of dy, the gain's that of dy * u", column_sums(&k, false, (Slip){0})},
        {"dbias stays as it was: want the sum of dy over the rows", filled(C, 0)},
        {NULL, NULL}};
    expect_floats("dbias", k.bias->grad, column_sums(&k, true, (Slip){0}), C, k.bias, TOLERANCE, bias);
    for (size_t c = 0; c < C; c++)
        if (isnan(k.gain->grad[c])) reject("dgain is NaN: backward reads s->m and s->r, and forward has not written them for every row");
    const Suspect gain[] = {
        {"dgain is as if u were (x - m) times the deviation: s->r is 1 / sqrt(v + eps), in forward and in backward", column_sums(&k, false, (Slip){.times_deviation = true})},
        {"dgain is the sum of dy alone: the gain multiplies the normalised u = (x - m) r, so dgain is the sum of dy * u", column_sums(&k, true, (Slip){0})},
        {"dgain holds the last row's part only: every row used the same gain, so their gradients add (+=)", column_sums(&k, false, (Slip){.last_row = true})},
        {"dgain holds the first row's part only: every row used the same gain", column_sums(&k, false, (Slip){.first_row = true})},
        {"dgain is a mean over the rows: it is their sum", column_sums(&k, false, (Slip){.mean = true})},
        {"dgain is the sum of dy * x: the gain multiplies the normalised u = (x - m) r, not x", column_sums(&k, false, (Slip){.raw = true})},
        {"dgain is the sum of dy * (x - m): the gain multiplies u = (x - m) r", column_sums(&k, false, (Slip){.centred_only = true})},
        {"dgain is the sum of dy * y: the gain multiplies u, which y had before gain and bias", column_sums(&k, false, (Slip){.of_y = true})},
        {"dgain is multiplied by the gain: y = gain * u + bias, so dgain is the sum of dy * u", column_sums(&k, false, (Slip){.gain_twice = true})},
        {"dgain stays as it was: want the sum of dy * u over the rows", filled(C, 0)},
        {NULL, NULL}};
    expect_floats("dgain", k.gain->grad, column_sums(&k, false, (Slip){0}), C, k.gain, TOLERANCE, gain);
}

static void judge_x(int ndim, const int *shape) {
    Norm k = norm_of(ndim, shape, 0);
    back(&k);
    const Suspect suspects[] = {
        {"dx treats the mean and the variance as constants: every x moves those of its row, and with them the row's other numbers", slope(&k, (Slip){.no_mean = true, .no_var = true})},
        {"dx lacks the way through the variance: - u mean(du u)", slope(&k, (Slip){.no_var = true})},
        {"in dx the way through the variance lacks its u: - u mean(du u)", slope(&k, (Slip){.no_u = true})},
        {"in dx the gain is in the two sums, but not in the first term: du = dy * gain in all three places", slope(&k, (Slip){.gain_in_sums = true})},
        {"dx is as if r were the deviation: s->r is 1 / sqrt(v + eps), in forward and in backward", slope(&k, (Slip){.times_deviation = true})},
        {"dx lacks the way through the mean: - mean(du)", slope(&k, (Slip){.no_mean = true})},
        {"in dx the gain stands outside of the bracket, as in batch norm, where a column has one gain. Here each number of the row has its own, so it is in the sums: du = dy * gain first", slope(&k, (Slip){.gain_outside = true})},
        {"in dx the gain multiplies dy, but not in the two sums: du = dy * gain in all three places", slope(&k, (Slip){.gain_on_dy = true})},
        {"in dx the first mean is that of dy: it is that of du = dy * gain", slope(&k, (Slip){.mean_of_dy = true})},
        {"in dx the second mean is that of dy * u: it is that of du * u, with du = dy * gain", slope(&k, (Slip){.mean_u_of_dy = true})},
        {"dx lacks the gain: y = gain * u + bias, so du = gain * dy", slope(&k, (Slip){.no_gain = true})},
        {"dx has the gain twice", slope(&k, (Slip){.gain_twice = true})},
        {"dx lacks r: u = (x - m) r, so a wide row passes on less", slope(&k, (Slip){.no_r = true})},
        {"dx has r twice", slope(&k, (Slip){.r_twice = true})},
        {"in dx the two sums go over the columns, as in batch norm: they go over the C numbers of a row", slope(&k, (Slip){.columns = true})},
        {"in dx the two sums are not divided: both are means over the C numbers of a row", slope(&k, (Slip){.undivided = true})},
        {"dx divides the variance's part by C - 1: the variance was divided by C", slope(&k, (Slip){.by_c1 = true})},
        {"in dx x stands where the normalised u = (x - m) r should", slope(&k, (Slip){.raw = true})},
        {"in dx x - m stands where the normalised u = (x - m) r should", slope(&k, (Slip){.centred_only = true})},
        {"in dx y stands where u should: y has gain and bias in it", slope(&k, (Slip){.of_y = true})},
        {"in dx the way through the mean has the wrong sign: - mean(du)", slope(&k, (Slip){.plus_mean = true})},
        {"in dx the way through the variance has the wrong sign: - u mean(du u)", slope(&k, (Slip){.plus_var = true})},
        {"dx stays as it was", filled(k.size, 0)},
        {NULL, NULL}};
    first_row_only(&k, "dx", k.x->grad, slope(&k, (Slip){0}), suspects);
    expect_floats(xprintf("%sdx", k.text), k.x->grad, slope(&k, (Slip){0}), k.size, k.x, OF_DX, suspects);
}

void layernorm_to_x(void) {
    judge_x(2, (int[]){4, 6});
    judge_x(3, (int[]){3, 2, 5});
    judge_x(2, (int[]){70, 3});
    Norm k = norm_of(2, (int[]){1, 300}, 0);
    back(&k);
    expect_floats("x is (1,300), a long row: dx", k.x->grad, slope(&k, (Slip){0}), k.size, k.x, OF_DX, NULL);
}

// What is wrong with plain gradients is told above.
static void need_one(const char *of, const float *got, const float *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)got[i] - want[i]) <= OF_DX * (1 + fabs((double)want[i])))) reject("the gradient of %s is not right yet: see the checks above", of);
}

static void need_gradients(void) {
    Norm k = norm_of(3, (int[]){2, 3, 5}, 0);
    back(&k);
    need_one("x", k.x->grad, slope(&k, (Slip){0}), k.size);
    need_one("the gain", k.gain->grad, column_sums(&k, false, (Slip){0}), 5);
    need_one("the bias", k.bias->grad, column_sums(&k, true, (Slip){0}), 5);
}

void layernorm_hard_rows(void) {
    Norm k = narrow_rows();
    Tensor *y = op_layernorm(&k.tape, k.x, k.gain, k.bias);
    expect_floats("for rows that vary as little as eps, y", y->data, normal(&k, RIGHT), k.size, y, 1e-4, eps_suspects(&k));
    k = norm_of(2, (int[]){4, 6}, 0);
    for (int c = 0; c < 6; c++) {
        k.x->data[c] = 2.5f;                                            // does not vary
        k.x->data[6 + c] = 4096 + 0.5f * (float)(c * c % 5);            // far from 0
    }
    y = op_layernorm(&k.tape, k.x, k.gain, k.bias);
    float *want = normal(&k, RIGHT);
    for (int c = 0; c < 6; c++)
        if (!(fabsf(y->data[6 + c] - want[6 + c]) < 0.02f * (1 + fabsf(want[6 + c]))))
            reject("for a row of numbers around 4,096 y is far off: the mean of x² minus m² subtracts two large numbers that are nearly equal; take the mean first, then the squares of x - m");
    Norm whole = norm_of(2, (int[]){1, 4}, 0);
    for (int c = 0; c < 4; c++) whole.x->data[c] = 65536 + (float[]){7, 5, 5, -1}[c];    // mean 65540 and variance 9: nothing is rounded
    Tensor *far = op_layernorm(&whole.tape, whole.x, whole.gain, whole.bias);
    want = normal(&whole, RIGHT);
    for (int c = 0; c < 4; c++)
        if (!(fabsf(far->data[c] - want[c]) < 1e-4f * (1 + fabsf(want[c]))))
            reject("for the row 65543, 65541, 65541, 65535 y is off by %.4f: take x - m first, and then multiply. x * r g and m * r g are large, and what is left of their difference is rounded", (double)fabsf(far->data[c] - want[c]));
    for (int c = 0; c < 6; c++) expect_number(xprintf("for a row that does not vary, y in column %d (which is the bias)", c), y->data[c], k.bias->data[c], TOLERANCE);
    k = norm_of(2, (int[]){3, 1}, 0);
    y = op_layernorm(&k.tape, k.x, k.gain, k.bias);
    for (int n = 0; n < 3; n++) expect_number("x is (3,1): a row of one number has variance 0, so y is the bias; y", y->data[n], k.bias->data[0], TOLERANCE);
    need_gradients();
    k = norm_of(2, (int[]){4, 6}, 0);
    for (int i = 0; i < 12; i++) k.x->data[i] *= 0.004f;
    back(&k);
    const Suspect suspects[] = {{"for rows that vary as little as eps, dx is that of an r without eps: forward's r, s->r[n], has it", slope(&k, (Slip){.no_eps = true})}, {NULL, NULL}};
    expect_floats("for rows that vary as little as eps, dx", k.x->grad, slope(&k, (Slip){0}), k.size, k.x, 2e-4, suspects);
}

static void judge_added(const char *when, const char *what, const Tensor *t, const float *more) {
    if (isnan(t->grad[1]) && !isnan(t->grad[0])) reject("with a gain of 0 in column 1, %s holds NaN: x still has its u = (x - m) r there; y divided by the gain has not", what);
    const Suspect suspects[] = {
        {xprintf("%s%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", when, what), copy(more, t->size)},
        {xprintf("%s%s stays as it was: if one input wants no gradient, the others still do", when, what), filled(t->size, 0.5f)},
        {NULL, NULL}};
    expect_floats(xprintf("%s%s", when, what), t->grad, plus(0.5f, more, t->size), t->size, t, OF_DX, suspects);
}

static void judge_all_added(const char *when, const Norm *k) {
    if (k->x->grad) judge_added(when, "dx", k->x, slope(k, (Slip){0}));
    if (k->gain->grad) judge_added(when, "dgain", k->gain, column_sums(k, false, (Slip){0}));
    if (k->bias && k->bias->grad) judge_added(when, "dbias", k->bias, column_sums(k, true, (Slip){0}));
}

static void unwanted(Tensor *t) {
    t->wants_grad = false;
    t->grad = NULL;
}

void layernorm_adds(void) {
    need_gradients();
    const int shape[] = {2, 3, 5};
    Norm k = norm_of(3, shape, 0.5f);
    k.gain->data[1] = 0;
    back(&k);
    judge_all_added("gradients that begin at 0.5: ", &k);
    k = norm_of(3, shape, 0.5f);                        // an input from outside wants no gradient
    unwanted(k.x);
    back(&k);
    judge_all_added("x wants no gradient (its grad is NULL): ", &k);
    k = norm_of(3, shape, 0.5f);                        // nor does a gain that is not learned
    unwanted(k.gain);
    back(&k);
    judge_all_added("the gain wants no gradient (its grad is NULL): ", &k);
    k = norm_of(3, shape, 0.5f);
    unwanted(k.bias);
    back(&k);
    judge_all_added("the bias wants no gradient (its grad is NULL): ", &k);
    k = norm_of(3, shape, 0.5f);
    k.bias = NULL;
    back(&k);
    judge_all_added("bias is NULL: ", &k);
    k = norm_of(3, shape, 0.5f);                        // a block has two norms: forward through both, then back
    Norm next = norm_of(2, (int[]){4, 6}, 0.5f);
    Tensor *y = forward(&k);
    forward(&next);
    go_back_reading(&k.tape, y, k.dy);
    judge_all_added("two norms at once (keep what backward needs in s, not in static memory), and back through the first: ", &k);
}
