// grade.c of 05-wavenet: what the exercises of lesson 05 are judged by.
#include "../../05-wavenet/dilated.h"
#include "../../05-wavenet/hierarchy.h"
#include "grade.h"
#include "op_conv1d.h"
#include "op_flatten.h"
#include "op_relu.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double TOLERANCE = 2e-5;

// start[i] + more[i]: what a gradient must be that was added to what was there
static float *plus(float start, const float *more, size_t n) {
    float *sum = filled(n, start);
    for (size_t i = 0; i < n; i++) sum[i] += more[i];
    return sum;
}

static float *both(const float *a, const float *b, size_t n) {
    float *sum = filled(n, 0);
    for (size_t i = 0; i < n; i++) sum[i] = a[i] + b[i];
    return sum;
}

// A tape whose memory was used before, as in every step of training but the first: what is never written is NaN.
static Tape used_tape(bool record) {
    Tape tape = tape_new(record);
    tape_floats(&tape, 1 << 17);
    tape_reset(&tape);
    return tape;
}

// Takes dy back from y to whatever it was made from, through all that the operation put on the tape.
static void go_back(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    if (!y->grad) reject("%s wants no gradient, though its inputs do: make it with tape_tensor, and name them there", y->name);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    for (int i = tape->count - 1; i >= 0; i--) {
        Tensor *t = tape->node[i];
        if (!t->grad || !t->backward) continue;
        for (int k = 0; k < TENSOR_INPUTS && t->in[k]; k++) tape_want_grad(tape, t->in[k]);
        t->backward(t);
    }
}

static void judge_added(const char *what, const Tensor *t, float start, const float *more) {
    char *why = xprintf("%s is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", what);
    expect_floats(what, t->grad, plus(start, more, t->size), t->size, t, TOLERANCE, (const Suspect[]){{why, more}, {NULL, NULL}});
}

// --- op_flatten ---

typedef struct { int B, T, C, n; } Flat;

typedef enum { JOINED, INTERLEAVED, NEWEST_FIRST, FAR_APART, FROM_THE_END, FIRST_ONLY } FlatBug;

// Where in x the number y[b][t][k*C + c] comes from.
static int flat_source(Flat f, int b, int t, int k, int c, FlatBug bug) {
    int from = bug == FAR_APART ? t + k * (f.T / f.n) : bug == NEWEST_FIRST ? t * f.n + f.n - 1 - k : bug == FIRST_ONLY ? t * f.n : t * f.n + k;
    if (bug == FROM_THE_END) from = f.T - f.n - t * f.n + k;
    return (b * f.T + from) * f.C + c;
}

static float *flat_plainly(Flat f, const float *x, FlatBug bug) {
    int places = f.T / f.n, width = f.n * f.C;
    float *y = filled((size_t)(f.B * places * width), 0);
    for (int b = 0; b < f.B; b++)
        for (int t = 0; t < places; t++)
            for (int k = 0; k < f.n; k++)
                for (int c = 0; c < f.C; c++) {
                    int at = bug == INTERLEAVED ? c * f.n + k : k * f.C + c;
                    y[(b * places + t) * width + at] = x[flat_source(f, b, t, k, c, bug)];
                }
    return y;
}

static void judge_flatten(Flat f) {
    Tape tape = used_tape(true);
    Tensor *x = given_tensor("x", 3, (int[]){f.B, f.T, f.C}, 11, 0), *y = op_flatten(&tape, x, f.n);
    bool one = f.T == f.n;
    char *what = xprintf("x is %s, n is %d: y", shape_text(x), f.n);
    char *want = one ? xprintf("(%d,%d)", f.B, f.n * f.C) : xprintf("(%d,%d,%d)", f.B, f.T / f.n, f.n * f.C);
    if (!y) reject("%s is NULL: return the tensor that tape_tensor makes", what);
    if (strcmp(shape_text(y), want) != 0)
        reject("%s is %s, want %s%s", what, shape_text(y), want,
               one ? ": where one place is left, that dimension goes" : y->ndim == 2 ? ": the dimension of time goes only where one place is left" : "");
    const float *at = x->data;
    const Suspect suspects[] = {
        {"the neighbours are interleaved, number by number: all of the earlier vector comes first, then all of the later; y[b][t][k*C + c] = x[b][t*n + k][c]", flat_plainly(f, at, INTERLEAVED)},
        {"the later neighbour comes first: the earlier one does", flat_plainly(f, at, NEWEST_FIRST)},
        {"places T/n apart are joined, such as the first with the one in the middle: neighbours are t*n, t*n + 1, ...", flat_plainly(f, at, FAR_APART)},
        {"the groups stand in reverse, the last one first: y[b][0] is made of x[b][0], x[b][1], ...", flat_plainly(f, at, FROM_THE_END)},
        {"the first of the n neighbours is repeated: the k-th is x[b][t*n + k]", flat_plainly(f, at, FIRST_ONLY)},
        {NULL, NULL}};
    expect_floats(what, y->data, flat_plainly(f, at, JOINED), y->size, y, 0, suspects);
}

static void flatten_joins(void) {
    judge_flatten((Flat){3, 6, 5, 2});
    judge_flatten((Flat){2, 9, 4, 3});
    judge_flatten((Flat){2, 3, 4, 1});
    judge_flatten((Flat){1, 6, 2, 2});
}

static void flatten_to_one(void) {
    judge_flatten((Flat){3, 4, 5, 4});
    judge_flatten((Flat){2, 1, 3, 1});
    judge_flatten((Flat){1, 2, 7, 2});
}

// Two groupings of the same x, so that its gradient is the sum of two.
static void flatten_gradient(void) {
    Flat f = {3, 6, 5, 2}, g = {3, 6, 5, 6};
    size_t n = 3 * 6 * 5;
    float *dy = given_floats(n, 13), *more = given_floats(n, 14);
    Tensor *x = given_tensor("x", 3, (int[]){3, 6, 5}, 12, 0.5f);
    Tape tape = used_tape(true);
    go_back(&tape, op_flatten(&tape, x, f.n), dy);
    float *back[] = {filled(n, 0), filled(n, 0)};
    for (int b = 0, i = 0; b < f.B; b++)
        for (int t = 0; t < f.T / f.n; t++)
            for (int k = 0; k < f.n; k++)
                for (int c = 0; c < f.C; c++, i++)
                    for (int bug = 0; bug < 2; bug++)
                        back[bug][flat_source(f, b, t, k, c, JOINED)] = dy[bug ? i - k * f.C - c + c * f.n + k : i];
    const Suspect suspects[] = {
        {"dx stays as it was: dx gets dy, number by number", filled(n, 0.5f)},
        {"dx is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", dy},
        {"dy is taken back interleaved: every number of dx gets the one of dy that it was copied to", plus(0.5f, back[1], n)},
        {NULL, NULL}};
    expect_floats("dx", x->grad, plus(0.5f, back[0], n), n, x, TOLERANCE, suspects);
    tape = used_tape(true);
    go_back(&tape, op_flatten(&tape, x, g.n), more);
    expect_floats("x is used a second time, with n = T: dx", x->grad, plus(0.5f, both(dy, more, n), n), n, x, TOLERANCE, NULL);
}

// --- op_conv1d ---

typedef struct { int B, T, I, O, K, dilation; } Conv;

// What a convolution makes of x, and of dy; the same loops with every bug.
typedef struct { float *y, *dx, *dw, *db; } Made;

typedef enum {
    RIGHT, FUTURE, CENTRED, FROM_NOW_ON, NEWEST_TAP_FIRST, NOT_DILATED, DILATED_CHANNELS, WEIGHTS_OIK, WEIGHTS_BELOW, WEIGHTS_TRANSPOSED, Y_AS_BOT, X_AS_BIT,
    REPEATS_FIRST, WITHOUT_FIRST, ACROSS, WHOLE_ONLY, BIAS_IF_WHOLE, BIAS_EACH_TAP, BIAS_EACH_SEEN, BIAS_EACH_INPUT, FORWARDS, LAST_PRODUCT, LAST_SUM, MEAN
} ConvBug;

// Which place of x tap k of place t sees. Negative: none.
static int conv_source(Conv c, int t, int k, ConvBug bug) {
    int step = bug == NOT_DILATED || bug == DILATED_CHANNELS ? 1 : c.dilation, back = (c.K - 1 - k) * step, s = t - back;
    if (bug == FUTURE) s = t + back;
    if (bug == CENTRED) s = t + (k - c.K / 2) * step;
    if (bug == FROM_NOW_ON) s = t + k * step;
    if (bug == NEWEST_TAP_FIRST) s = t - k * step;
    if (bug == REPEATS_FIRST && s < 0) s = 0;
    if (bug == WITHOUT_FIRST && s == 0) s = -1;
    if (bug == WHOLE_ONLY && t < (c.K - 1) * step) s = -1;
    return s < c.T ? s : -1;
}

static Made conv_plainly(Conv c, const float *x, const float *w, const float *bias, const float *dy, ConvBug bug) {
    int rows = c.B * c.T;
    Made m = {filled((size_t)(rows * c.O), 0), filled((size_t)(rows * c.I), 0), filled((size_t)(c.O * c.K * c.I), 0), filled((size_t)c.O, 0)};
    for (int r = 0; r < rows; r++)
        for (int o = 0; o < c.O; o++) {
            int t = r % c.T, at_y = bug == Y_AS_BOT ? ((r - t) / c.T * c.O + o) * c.T + t : r * c.O + o;
            float *y = m.y + at_y, d = dy ? dy[at_y] : 0;
            if (bias && bug < BIAS_EACH_TAP && !(bug == BIAS_IF_WHOLE && t < (c.K - 1) * c.dilation)) *y += bias[o];
            m.db[o] = bug == LAST_PRODUCT ? d : m.db[o] + d / (float)(bug == MEAN ? rows : 1);
            for (int k = 0; k < c.K; k++) {
                int from = conv_source(c, t, k, bug);
                if (bias && bug == BIAS_EACH_TAP) *y += bias[o];
                from += r - t;
                if (from < (bug == ACROSS ? 0 : r - t)) continue;
                if (bias && bug == BIAS_EACH_SEEN) *y += bias[o];
                for (int i = 0; i < c.I; i++) {
                    int at = (o * c.K + k) * c.I + i, in = bug == DILATED_CHANNELS ? i * c.dilation % c.I : i;
                    if (bug == WEIGHTS_OIK) at = (o * c.I + i) * c.K + k;
                    if (bug == WEIGHTS_BELOW) at = (k * c.O + o) * c.I + i;
                    if (bug == WEIGHTS_TRANSPOSED) at = (k * c.I + i) * c.O + o;
                    int at_x = bug == X_AS_BIT ? ((r - t) / c.T * c.I + i) * c.T + from - (r - t) : from * c.I + in;
                    float *dx = m.dx + at_x, *dw = m.dw + at;
                    if (bias && bug == BIAS_EACH_INPUT) *y += bias[o];
                    *y += w[at] * x[at_x];
                    if (bug == FORWARDS) m.dx[r * c.I + i] += dy ? w[at] * dy[from * c.O + o] : 0;
                    else *dx = bug == LAST_PRODUCT || (bug == LAST_SUM && o == 0 && i == in) ? 0 : *dx;
                    if (bug != FORWARDS) *dx += w[at] * d;
                    *dw = (bug == LAST_PRODUCT ? 0 : *dw) + x[at_x] * d / (float)(bug == MEAN ? rows : 1);
                }
            }
        }
    return m;
}

// In forward and backward the bugs are the same; what is said about them is too, but for its beginning.
static const struct { ConvBug bug; const char *why; } CONV_BUGS[] = {
    {FUTURE, "the taps reach forward, not back: place t sees t - (K-1-k)*dilation, never a place after t"},
    {CENTRED, "the kernel is centred on t, so that it sees the future: the last tap is at t, all others before it, t - (K-1-k)*dilation"},
    {FROM_NOW_ON, "the zeros are at the wrong end: tap 0 is at t and the others after it, so what is missing is missing behind the end; tap k is at t - (K-1-k)*dilation"},
    {NEWEST_TAP_FIRST, "the taps are in reverse: w's first matrix is that of the oldest tap, its last that of place t itself; tap k is at t - (K-1-k)*dilation"},
    {NOT_DILATED, "the dilation is left out: the taps are direct neighbours; they are to be `dilation` places apart"},
    {DILATED_CHANNELS, "the dilation is applied to the channels i: it is the places in time that are `dilation` apart"},
    {WEIGHTS_OIK, "w is read as (O,I,K), as PyTorch keeps it: here row o holds K vectors of I side by side, w[(o*K + k)*I + i]"},
    {WEIGHTS_BELOW, "w is read as (K,O,I): its matrices are side by side, so row o holds the weights of all taps, w[(o*K + k)*I + i]"},
    {WEIGHTS_TRANSPOSED, "w is read as (K*I,O): it is (O,K*I), w[(o*K + k)*I + i]"},
    {Y_AS_BOT, "y is laid out as (B,O,T), as PyTorch has it: here it is (B,T,O), y[(b*T + t)*O + o]"},
    {X_AS_BIT, "x is read as (B,I,T), as PyTorch has it: here it is (B,T,I), x[(b*T + s)*I + i]"},
    {WITHOUT_FIRST, "place 0 of x is left out: only what lies before it counts as 0"},
    {REPEATS_FIRST, "what lies before the first place is taken to be x[0]: it counts as 0, and gets no gradient"},
    {ACROSS, "the taps reach into the example before: before the first place of each example all counts as 0"},
    {WHOLE_ONLY, "the first (K-1)*dilation places are left out: they have a sum too, in which what is missing counts as 0"},
};
enum { BUGS = sizeof CONV_BUGS / sizeof *CONV_BUGS };

// Those bugs as suspects, after room for a few more. part: which of a Made.
enum { MORE = 4, OF_Y = 0, OF_DX, OF_DW };
static const float *part_of(Made m, int part) { return part == OF_Y ? m.y : part == OF_DX ? m.dx : m.dw; }

static Suspect *conv_suspects(Conv c, const float *x, const float *w, const float *dy, int part) {
    Suspect *s = xcalloc(MORE + BUGS + 1, sizeof *s);
    for (int i = 0; i < BUGS; i++) s[MORE + i] = (Suspect){CONV_BUGS[i].why, part_of(conv_plainly(c, x, w, NULL, dy, CONV_BUGS[i].bug), part)};
    return s;
}

// An op_conv1d, and its backward if there is a dy; gradients stand at `start` before.
typedef struct {
    Conv c;
    Tape tape;
    Tensor *x, *w, *bias, *y;
    float *dy;
    char *text;     // "K = 3, dilation = 2, x is (3,7,2): "
} Run;

// Where the bias is not what is asked about, it is there and all zeros.
typedef enum { ABSENT, ZEROS, GIVEN } Bias;

static Run conv_run(Conv c, Bias bias, float start) {
    Run r = {.c = c, .tape = used_tape(true), .dy = given_floats((size_t)(c.B * c.T * c.O), 24)};
    r.x = given_tensor("x", 3, (int[]){c.B, c.T, c.I}, 21, start);
    r.w = given_tensor("w", 2, (int[]){c.O, c.K * c.I}, 22, start);
    r.bias = bias == ABSENT ? NULL : given_tensor("bias", 1, (int[]){c.O}, 23, start);
    if (bias == ZEROS) memset(r.bias->data, 0, r.bias->size * sizeof(float));
    r.text = xprintf("K = %d, dilation = %d, x is %s: ", c.K, c.dilation, shape_text(r.x));
    r.y = op_conv1d(&r.tape, r.x, r.w, r.bias, c.K, c.dilation);
    if (!r.y) reject("%sy is NULL: return the tensor that tape_tensor makes", r.text);
    char *want = xprintf("(%d,%d,%d)", c.B, c.T, c.O);
    if (strcmp(shape_text(r.y), want) != 0) reject("%sy is %s, want %s", r.text, shape_text(r.y), want);
    return r;
}

static void judge_conv(Conv c) {
    Run r = conv_run(c, ZEROS, 0);
    const float *x = r.x->data, *w = r.w->data;
    expect_floats(xprintf("%sy", r.text), r.y->data, conv_plainly(c, x, w, NULL, NULL, RIGHT).y, r.y->size, r.y, TOLERANCE, conv_suspects(c, x, w, NULL, OF_Y) + MORE);
}

static void conv_neighbours(void) {
    judge_conv((Conv){3, 7, 2, 5, 3, 1});
    judge_conv((Conv){2, 5, 3, 2, 2, 1});
    judge_conv((Conv){2, 4, 3, 2, 1, 1});
}

static void conv_dilated(void) {
    judge_conv((Conv){3, 7, 2, 5, 3, 2});
    judge_conv((Conv){2, 7, 3, 2, 2, 3});
    judge_conv((Conv){2, 4, 3, 2, 3, 5});       // the older taps are before the beginning everywhere
}

// Whatever the weights are: which y change when one place of x does?
static void conv_causal(void) {
    Conv c = {3, 7, 2, 5, 3, 2};
    const float *before = conv_run(c, ZEROS, 0).y->data;
    for (int at = 0; at < c.B * c.T; at++) {
        Tape tape = used_tape(true);
        Run r = conv_run(c, ZEROS, 0);
        for (int i = 0; i < c.I; i++) r.x->data[at * c.I + i] += 3;
        const float *after = op_conv1d(&tape, r.x, r.w, r.bias, c.K, c.dilation)->data;
        for (int n = 0; n < c.B * c.T; n++)
            for (int o = 0; o < c.O; o++) {
                if (fabsf(after[n * c.O + o] - before[n * c.O + o]) < 1e-5f) continue;
                if (n / c.T != at / c.T)
                    reject("%sy[%d][%d] changes when x[%d][%d] does: every example stands alone; before its first place all counts as 0", r.text, n / c.T, n % c.T, at / c.T, at % c.T);
                if (n < at) reject("%sy[%d][%d] changes when x[%d][%d] does, which comes later: it sees the future. Tap k is at t - (K-1-k)*dilation, never after t", r.text, n / c.T, n % c.T, at / c.T, at % c.T);
            }
    }
    c = (Conv){2, 4, 1, 1, 3, 1};
    Tape tape = used_tape(true);
    Tensor *x = given_tensor("x", 3, (int[]){2, 4, 1}, 27, 0), *w = given_tensor("w", 2, (int[]){1, 3}, 28, 0), *zero = given_tensor("bias", 1, (int[]){1}, 29, 0);
    zero->data[0] = 0;
    memcpy(w->data, filled(3, 1), 3 * sizeof(float));
    Tensor *y = op_conv1d(&tape, x, w, zero, 3, 1);
    expect_floats("with three weights of 1, y (x before the first place counts as 0)", y->data, conv_plainly(c, x->data, w->data, NULL, NULL, RIGHT).y, 8, y, TOLERANCE,
                  (const Suspect[]){{"what lies before the first place is taken to be x[0]: it counts as 0", conv_plainly(c, x->data, w->data, NULL, NULL, REPEATS_FIRST).y},
                                    {"the first (K-1)*dilation places are left out: they have a sum too, in which what is missing counts as 0", conv_plainly(c, x->data, w->data, NULL, NULL, WHOLE_ONLY).y},
                                    {NULL, NULL}});
}

// What the bias brings, apart from all else: the difference to a run with zeros; and without a bias nothing.
static void conv_bias(void) {
    Conv c = {3, 7, 2, 5, 3, 2};
    Run without = conv_run(c, ZEROS, 0), with = conv_run(c, GIVEN, 0);
    size_t n = with.y->size;
    float *got = filled(n, 0), *zeros = filled((size_t)(c.B * c.T * c.I), 0);
    for (size_t i = 0; i < n; i++) got[i] = with.y->data[i] - without.y->data[i];
    const float *w = with.w->data, *bias = with.bias->data;
    const Suspect suspects[] = {
        {"the bias is left out", filled(n, 0)},
        {"the bias is left out at the first places: it belongs to every y, also where taps are missing", conv_plainly(c, zeros, w, bias, NULL, BIAS_IF_WHOLE).y},
        {"the bias is added at every tap: it comes once for each y", conv_plainly(c, zeros, w, bias, NULL, BIAS_EACH_TAP).y},
        {"the bias is added at every tap that is inside: it comes once for each y, also where taps are missing", conv_plainly(c, zeros, w, bias, NULL, BIAS_EACH_SEEN).y},
        {"the bias is added with every product: it comes once for each y", conv_plainly(c, zeros, w, bias, NULL, BIAS_EACH_INPUT).y},
        {NULL, NULL}};
    expect_floats(xprintf("%swhat the bias adds to y", with.text), got, conv_plainly(c, zeros, w, bias, NULL, RIGHT).y, n, with.y, TOLERANCE, suspects);
    expect_floats(xprintf("%sy without a bias", with.text), conv_run(c, ABSENT, 0).y->data, without.y->data, n, with.y, TOLERANCE, NULL);
}

static void judge_gradient(Run r, int part) {
    Conv c = r.c;
    const float *x = r.x->data, *w = r.w->data;
    Suspect *s = conv_suspects(c, x, w, r.dy, part);
    const Tensor *t = part == OF_DX ? r.x : r.w;
    s[0] = (Suspect){xprintf("%s stays as it was", part == OF_DX ? "dx" : "dw"), filled(t->size, 0)};
    const Suspect of_dx[] = {
        {"dx goes the wrong way: y[t] saw x[t - (K-1-k)*dilation], so that place of x takes from dy[t], which is a later one", conv_plainly(c, x, w, NULL, r.dy, FORWARDS).dx},
        {"dx holds only the last tap's part: every place of x is seen by up to K places of y, and what they give back adds up (+=)", conv_plainly(c, x, w, NULL, r.dy, LAST_SUM).dx},
        {"dx holds only the last product: all that x was used in adds up (+=)", conv_plainly(c, x, w, NULL, r.dy, LAST_PRODUCT).dx}};
    const float *last = conv_plainly(c, x, w, NULL, r.dy, LAST_PRODUCT).dw;
    const Suspect of_dw[] = {
        {"dw holds only the last place's part: the same weights are used at every place of every example, and what they give back adds up (+=)", last},
        {"dw is a mean over the places: it is their sum; the 1/N of the loss is already in dy", conv_plainly(c, x, w, NULL, r.dy, MEAN).dw},
        {"dw is the sum over all places of dy only: each is multiplied by the x that its tap saw", conv_plainly(c, filled(r.x->size, 1), w, NULL, r.dy, RIGHT).dw}};
    memcpy(s + 1, part == OF_DX ? of_dx : of_dw, sizeof of_dx);
    go_back(&r.tape, r.y, r.dy);
    expect_floats(xprintf("%s%s", r.text, part == OF_DX ? "dx" : "dw"), t->grad, part_of(conv_plainly(c, x, w, NULL, r.dy, RIGHT), part), t->size, t, TOLERANCE, s);
}

// dy is 0 where a tap is missing, so that nothing depends on the beginning.
static void conv_to_x_inside(void) {
    Conv given[] = {{3, 7, 2, 5, 3, 1}, {3, 7, 2, 5, 3, 2}, {2, 7, 3, 2, 2, 3}};
    for (int g = 0; g < 3; g++) {
        Conv c = given[g];
        Run r = conv_run(c, ZEROS, 0);
        for (int i = 0; i < c.B * c.T * c.O; i++)
            if (i / c.O % c.T < (c.K - 1) * c.dilation) r.dy[i] = 0;
        judge_gradient(r, OF_DX);
    }
}

static void conv_to_x_everywhere(void) {
    judge_gradient(conv_run((Conv){3, 7, 2, 5, 3, 2}, ZEROS, 0), OF_DX);
    judge_gradient(conv_run((Conv){2, 4, 3, 2, 3, 5}, ZEROS, 0), OF_DX);
}

static void conv_to_w(void) {
    judge_gradient(conv_run((Conv){3, 7, 2, 5, 3, 2}, ZEROS, 0), OF_DW);
    judge_gradient(conv_run((Conv){2, 7, 3, 2, 2, 3}, ZEROS, 0), OF_DW);
}

static void conv_to_bias(void) {
    Run r = conv_run((Conv){3, 7, 2, 5, 3, 2}, GIVEN, 0);
    Made right = conv_plainly(r.c, r.x->data, r.w->data, NULL, r.dy, RIGHT);
    float *each_tap = filled(5, 0), *each_seen = filled(5, 0);
    for (int i = 0; i < 3 * 7 * 5; i++) {
        int t = i / 5 % 7;
        each_tap[i % 5] += 3 * r.dy[i];
        each_seen[i % 5] += (float)(1 + (t >= 2) + (t >= 4)) * r.dy[i];
    }
    go_back(&r.tape, r.y, r.dy);
    const Suspect suspects[] = {
        {"dbias stays as it was: the bias is learned too, dbias[o] = sum over b and t of dy[b][t][o]", filled(5, 0)},
        {"dbias takes dy once for every tap: once for each place", each_tap},
        {"dbias takes dy once for every tap that is inside: once for each place", each_seen},
        {"dbias holds only the last place's part: every place used the same bias, so their gradients add (+=)", conv_plainly(r.c, r.x->data, r.w->data, NULL, r.dy, LAST_PRODUCT).db},
        {"dbias is a mean over the places: it is their sum", conv_plainly(r.c, r.x->data, r.w->data, NULL, r.dy, MEAN).db},
        {NULL, NULL}};
    expect_floats(xprintf("%sdbias", r.text), r.bias->grad, right.db, 5, r.bias, TOLERANCE, suspects);
}

static void conv_adds(void) {
    Run r = conv_run((Conv){3, 7, 2, 5, 3, 2}, GIVEN, 0.5f);
    Made once = conv_plainly(r.c, r.x->data, r.w->data, NULL, r.dy, RIGHT);
    go_back(&r.tape, r.y, r.dy);
    judge_added("dx", r.x, 0.5f, once.dx);
    judge_added("dw", r.w, 0.5f, once.dw);
    judge_added("dbias", r.bias, 0.5f, once.db);

    // the same tensors in two convolutions, whose dilations differ
    Conv c = {3, 7, 2, 5, 3, 1};
    r = conv_run(r.c, GIVEN, 0);
    Made other = conv_plainly(c, r.x->data, r.w->data, NULL, r.dy, RIGHT);
    Tensor *second = op_conv1d(&r.tape, r.x, r.w, r.bias, c.K, c.dilation);
    tape_want_grad(&r.tape, second);
    memcpy(second->grad, r.dy, second->size * sizeof(float));
    go_back(&r.tape, r.y, r.dy);
    expect_floats("x goes through two convolutions, dilations 2 and 1: dx", r.x->grad, both(once.dx, other.dx, r.x->size), r.x->size, r.x, TOLERANCE, NULL);
    expect_floats("w is used in two convolutions, dilations 2 and 1: dw", r.w->grad, both(once.dw, other.dw, r.w->size), r.w->size, r.w, TOLERANCE, NULL);

    // nobody wants some of the gradients, and there may be no bias
    Tape tape = used_tape(true);
    Tensor *x = tape_values(&tape, "x", 3, r.x->shape, r.x->data), *w = given_tensor("w", 2, r.w->shape, 22, 0);
    go_back(&tape, op_conv1d(&tape, x, w, NULL, 3, 2), r.dy);
    expect_floats("for x without gradient and no bias, dw", w->grad, once.dw, w->size, w, TOLERANCE, NULL);
    tape = used_tape(true);
    Tensor *fixed = tape_values(&tape, "w", 2, r.w->shape, r.w->data), *bias = given_tensor("bias", 1, r.bias->shape, 23, 0);
    x = given_tensor("x", 3, r.x->shape, 21, 0);
    go_back(&tape, op_conv1d(&tape, x, fixed, bias, 3, 2), r.dy);
    expect_floats("for w without gradient, dx", x->grad, once.dx, x->size, x, TOLERANCE, NULL);
    expect_floats("for w without gradient, dbias", bias->grad, once.db, bias->size, bias, TOLERANCE, NULL);
    tape = used_tape(true);
    fixed = tape_values(&tape, "bias", 1, r.bias->shape, r.bias->data);
    w = given_tensor("w", 2, r.w->shape, 22, 0);
    go_back(&tape, op_conv1d(&tape, r.x, w, fixed, 3, 2), r.dy);
    expect_floats("for a bias without gradient, dw", w->grad, once.dw, w->size, w, TOLERANCE, NULL);
}

// --- hierarchy ---

typedef struct {
    Shape s;
    Layers layers;
    Params params;
    char *text;         // "block 9, fuse 3: "
} Tree;

// The tree that hierarchy_build makes, its parameters not yet in memory.
static Tree *tree_of(Shape s) {
    Tree *tree = xcalloc(1, sizeof *tree);
    tree->s = s;
    tree->text = xprintf("block %d, fuse %d%s: ", s.block, s.fuse, s.bug ? ", bug" : "");
    hierarchy_build(&tree->layers, &tree->params, s);
    return tree;
}

static bool is(const Layer *l, const char *kind) { return strcmp(l->kind, kind) == 0; }

static int count_of(const Tree *tree, const char *kind) {
    int n = 0;
    for (int i = 0; i < tree->layers.count; i++) n += is(&tree->layers.layer[i], kind);
    return n;
}

static Layer *layer_of(Tree *tree, const char *kind, int n) {
    for (int i = 0; i < tree->layers.count; i++)
        if (is(&tree->layers.layer[i], kind) && n-- == 0) return &tree->layers.layer[i];
    return NULL;
}

static int levels_of(Shape s) {
    int levels = 0;
    for (int T = s.block; T > 1; T /= s.fuse) levels++;
    return levels;
}

// first: the first layer that is not as it should be
static const char *order_hint(const Tree *tree, bool bug, int first) {
    const Layer *l = tree->layers.layer;
    int count = tree->layers.count;
    if (count == 0) return "nothing was added";
    if (!bug && count_of(tree, "batchnorm bug")) return "s.bug is false, so first_dim, which forgets the dimension of time, has no place here";
    if (bug && !count_of(tree, "batchnorm bug")) return "with s.bug, first_dim_add comes in place of batch normalisation";
    if (bug && count_of(tree, "batchnorm")) return "with s.bug, first_dim_add comes in place of batch normalisation, not beside it";
    for (int i = 0; i + 1 < count; i++) {
        if (is(&l[i], "tanh") && !strncmp(l[i + 1].kind, "batchnorm", 9)) return "batch normalisation comes before tanh: it keeps what goes in where tanh bends";
        if (is(&l[i], "linear") && is(&l[i + 1], "flatten"))
            return is(&l[0], "linear") ? "a level joins first, and then multiplies: the linear sees its neighbours together" : "the linear to the logits comes once, after the last level";
    }
    if (is(&l[count - 1], "tanh")) return "no tanh after the last linear: logits may be any number, and tanh would keep them between -1 and 1";
    if (is(&l[count - 1], "batchnorm")) return "no batch normalisation after the last linear";
    if (!is(&l[count - 1], "linear") || count_of(tree, "linear") < 2) return "the last linear makes the logits, after all levels";
    if (!count_of(tree, "tanh")) return "without tanh all linears together are one";
    return xprintf("layer %d is the first that is another", first + 1);
}

// Any number of levels, and a linear.
static void judge_order(bool bug) {
    Tree *tree = tree_of((Shape){.V = 7, .block = 8, .fuse = 2, .embedding = 5, .hidden = 4, .bug = bug});
    const char *norm = bug ? "batchnorm bug" : "batchnorm", *level[] = {"flatten", "linear", norm, "tanh"};
    int count = tree->layers.count, first = 0;
    while (first < count && is(&tree->layers.layer[first], first == count - 1 && count > 1 ? "linear" : level[first % 4])) first++;
    char *got = xprintf("%s", count ? "" : "none");
    for (int i = 0; i < count; i++) got = xprintf("%s%s%s", got, i ? ", " : "", tree->layers.layer[i].kind);
    if (count % 4 != 1 || first < count)
        reject("%sthe layers are: %s; want: flatten, linear, %s, tanh for every level, then linear. %s", tree->text, got, norm, order_hint(tree, bug, first));
}

static void hierarchy_order(void) { judge_order(false); }

static void judge_levels(Shape s) {
    Tree *tree = tree_of(s);
    int levels = count_of(tree, "flatten"), linears = count_of(tree, "linear"), want = levels_of(s);
    const char *hint = levels < want ? "join until one place is left; each level leaves T/fuse of them" : "stop where one place is left: there is nothing more to join";
    if (levels != want) reject("%s%d levels (flatten layers), want %d: %s", tree->text, levels, want, hint);
    for (int i = 0; i < levels; i++)
        if (layer_of(tree, "flatten", i)->n != s.fuse) reject("%sthe flatten of level %d joins %d, want %d: s.fuse neighbours at every level", tree->text, i + 1, layer_of(tree, "flatten", i)->n, s.fuse);
    if (linears != want + 1) reject("%s%d linear layers, want %d: one a level, and a single one after the last level", tree->text, linears, want + 1);
}

static void hierarchy_levels(void) {
    judge_levels((Shape){.V = 7, .block = 8, .fuse = 2, .embedding = 5, .hidden = 4});
    judge_levels((Shape){.V = 7, .block = 9, .fuse = 3, .embedding = 5, .hidden = 4});
    judge_levels((Shape){.V = 7, .block = 5, .fuse = 5, .embedding = 2, .hidden = 4});
    judge_levels((Shape){.V = 7, .block = 64, .fuse = 4, .embedding = 5, .hidden = 4});
}

// One linear's weights: (O,I), and with a bias or without.
static void judge_linear(const Tree *tree, const Layer *l, const char *name, int O, int I, bool bias) {
    if (l->w->shape[0] != O || l->w->shape[1] != I) {
        Shape s = tree->s;
        int got = l->w->shape[1];
        const char *why = got == I ? "" : got * s.fuse == I ? ": `fuse` neighbours come in side by side, fuse times as many numbers"
                        : got == I * s.fuse ? ": only a flatten makes what comes in `fuse` times as wide"
                        : got == s.embedding || got == s.fuse * s.embedding ? ": after the first level every place is `hidden` numbers wide, not `embedding`" : "";
        reject("%sthe w of %s is %s, want (%d,%d)%s", tree->text, name, shape_text(l->w), O, I, why);
    }
    if (l->b && !bias) reject("%s%s has a bias, so there are %d parameters too many in it: batch normalisation subtracts every column's mean, and has a bias of its own", tree->text, name, O);
    if (!l->b && bias) reject("%s%s has no bias: no batch normalisation follows it, so it needs its own", tree->text, name);
}

static void judge_widths(bool bug) {
    Tree *tree = tree_of((Shape){.V = 7, .block = 27, .fuse = 3, .embedding = 5, .hidden = 4, .bug = bug});
    const char *norm = bug ? "batchnorm bug" : "batchnorm";
    int linears = count_of(tree, "linear"), norms = count_of(tree, norm);
    if (linears != 4) reject("%s%d linear layers, want 4: one for each of three levels, and one after them", tree->text, linears);
    if (norms != 3) reject("%s%d batch normalisations%s, want 3, one a level", tree->text, norms, bug ? " by first_dim" : "");
    judge_linear(tree, layer_of(tree, "linear", 0), "the first level's linear", 4, 15, false);
    judge_linear(tree, layer_of(tree, "linear", 1), "the second level's linear", 4, 12, false);
    judge_linear(tree, layer_of(tree, "linear", 2), "the third level's linear", 4, 12, false);
    judge_linear(tree, layer_of(tree, "linear", 3), "the last linear", 7, 4, true);
    for (int i = 0; i < 3; i++)
        expect_int(xprintf("%sthe width of batch normalisation %d", tree->text, i + 1), (long)layer_of(tree, norm, i)->bn.gain->size, 4);
    params_allocate(&tree->params);
    expect_int(xprintf("%show many numbers there are to learn", tree->text), (long)tree->params.size, 4 * 15 + 2 * 4 * 12 + 3 * 8 + 7 * 4 + 7);
}

static void hierarchy_widths(void) { judge_widths(false); }

// Parameters and running estimates that are all different.
static void fill_tree(Tree *tree) {
    Params *p = &tree->params;
    params_allocate(p);
    float *value = given_floats(p->size, 31);
    for (size_t i = 0; i < p->size; i++) p->data[i] = 0.6f * value[i];
    for (int i = 0; i < p->buffers; i++)
        for (size_t c = 0; c < p->buffer[i]->size; c++) p->buffer[i]->data[c] = 0.4f + 0.1f * (float)((c + (size_t)i) % 7);
}

// y = x Wᵀ + b. To join neighbours, call x of (B,T,C) rows of fuse*C.
static float *linear_plainly(const Layer *l, const float *x, int rows) {
    int O = l->w->shape[0], I = l->w->shape[1];
    float *y = filled((size_t)(rows * O), 0);
    for (int n = 0; n < rows; n++)
        for (int o = 0; o < O; o++) {
            double sum = l->b ? l->b->data[o] : 0;
            for (int i = 0; i < I; i++) sum += (double)x[n * I + i] * l->w->data[o * I + i];
            y[n * O + o] = (float)sum;
        }
    return y;
}

// Batch normalisation of (B,T,C) in training, in place: over B and T, or with the bug over B alone.
static void normalise_plainly(const BatchNorm *bn, float *x, int B, int T, int C, bool bug) {
    for (int c = 0; c < C; c++)
        for (int first = 0; first < (bug ? T : 1); first++) {
            int step = bug ? T : 1, N = B * T / step;
            double mean = 0, var = 0;
            for (int n = 0; n < N; n++) mean += x[(first + n * step) * C + c] / (double)N;
            for (int n = 0; n < N; n++) var += pow(x[(first + n * step) * C + c] - mean, 2) / (N - 1);
            for (int n = 0; n < N; n++) {
                float *at = &x[(first + n * step) * C + c];
                *at = (float)((*at - mean) / sqrt(var + bn->eps) * bn->gain->data[c] + bn->bias->data[c]);
            }
        }
}

static float *tree_plainly(Tree *tree, const float *e, int B, bool bug) {
    Shape s = tree->s;
    int T = s.block, H = s.hidden;
    float *x = (float *)e;
    for (int level = 0; level < levels_of(s); level++) {
        T /= s.fuse;
        x = linear_plainly(layer_of(tree, "linear", level), x, B * T);
        normalise_plainly(&layer_of(tree, s.bug ? "batchnorm bug" : "batchnorm", level)->bn, x, B, T, H, bug);
        for (int i = 0; i < B * T * H; i++) x[i] = tanhf(x[i]);
    }
    return linear_plainly(layer_of(tree, "linear", levels_of(s)), x, B);
}

static void judge_tree(Shape s) {
    enum { B = 6 };
    Tree *tree = tree_of(s);
    const char *norm = s.bug ? "batchnorm bug" : "batchnorm";
    int levels = levels_of(s);
    if (count_of(tree, norm) != levels || count_of(tree, "linear") != levels + 1)
        reject("%s%d linears and %d layers of %s, want %d and %d", tree->text, count_of(tree, "linear"), count_of(tree, norm), s.bug ? "first_dim" : "batch normalisation", levels + 1, levels);
    for (int i = 0, T = s.block / s.fuse; i < levels; i++, T /= s.fuse) {
        const Layer *l = layer_of(tree, norm, i);
        if (s.bug && l->n != T) reject("%slevel %d: first_dim is told that T is %d, want %d: after the flatten T/fuse places are left", tree->text, i + 1, l->n, T);
        if (!(fabsf(l->bn.momentum - 0.1f) < 1e-6f)) reject("%slevel %d: the momentum is %g, want 0.1", tree->text, i + 1, (double)l->bn.momentum);
    }
    fill_tree(tree);
    Tape tape = used_tape(true);
    Tensor *x = given_tensor("e", 3, (int[]){B, s.block, s.embedding}, 32, 0);
    Tensor *y = layers_forward(&tree->layers, &tape, x, true);
    char *want = xprintf("(%d,%d)", B, s.V);
    if (strcmp(shape_text(y), want) != 0) reject("%s%d windows become %s, want logits %s", tree->text, B, shape_text(y), want);
    const Suspect suspects[] = {
        {s.bug ? "s.bug is true, and yet mean and variance are taken over the batch and time" : "mean and variance are taken over the batch alone, place by place: the dimension of time is forgotten",
         tree_plainly(tree, x->data, B, !s.bug)},
        {NULL, NULL}};
    expect_floats(xprintf("%sin training, logits", tree->text), y->data, tree_plainly(tree, x->data, B, s.bug), y->size, y, 2e-4, suspects);
}

static void hierarchy_numbers(void) {
    judge_tree((Shape){.V = 7, .block = 9, .fuse = 3, .embedding = 5, .hidden = 4});
    judge_tree((Shape){.V = 3, .block = 8, .fuse = 2, .embedding = 3, .hidden = 5});
}

static void hierarchy_bug(void) {
    judge_order(true);
    judge_widths(true);
    judge_tree((Shape){.V = 7, .block = 9, .fuse = 3, .embedding = 5, .hidden = 4, .bug = true});
}

// --- dilated ---

// A kind of layer that layers.h knows nothing of.
static Tensor *bend_at_0(Layer *l, Tape *tape, Tensor *x, bool training) {
    (void)l;
    (void)training;
    return op_relu(tape, x);
}

// A tree that joins fuse[0] neighbours, then fuse[1] of those ... until a 0. Its e is (1,T,3).
static Tree *tree_with(const int *fuse) {
    Tree *tree = xcalloc(1, sizeof *tree);
    tree->s = (Shape){.V = 6, .block = 1, .embedding = 3, .hidden = 5};
    tree->text = xprintf("%s", "a tree that joins ");
    for (int level = 0; fuse[level]; level++) {
        tree->text = xprintf("%s%s%d", tree->text, level ? ", then " : "", fuse[level]);
        tree->s.block *= fuse[level];
        layers_flatten(&tree->layers, fuse[level]);
        layers_linear(&tree->layers, &tree->params, fuse[level] * (level ? 5 : 3), 5, false);
        layers_batchnorm(&tree->layers, &tree->params, 5, 0.1f);
        layers_tanh(&tree->layers);
    }
    layers_add(&tree->layers, "relu", bend_at_0);
    layers_linear(&tree->layers, &tree->params, 5, 6, true);
    fill_tree(tree);
    return tree;
}

typedef enum { SPREADS, NEVER_SPREADS, SPREADS_EARLY, SPREADS_BY_ONE, DOUBLES, SPREADS_BY_SUM, WIDEST_FIRST, BATCH_STATISTICS, NO_LAST_BIAS, NO_NORM, NO_TANH, NO_OTHER } DilatedBug;

// Rows of logits for every place of e.
static float *dilated_plainly(const Tree *tree, Tensor *e, DilatedBug bug) {
    Layers l = tree->layers;
    Tape tape = tape_new(false);
    Tensor *x = e;
    for (int i = 0, kernel = 1, dilation = 1, left = tree->s.block; i < l.count; i++) {
        Layer *layer = &l.layer[i];
        layer->bn.momentum = 0;
        if (is(layer, "flatten")) {
            kernel = layer->n;
            left /= kernel;
            if (bug == SPREADS_EARLY) dilation *= kernel;
            if (bug == WIDEST_FIRST) dilation = left;
        } else if (is(layer, "linear")) {
            x = op_conv1d(&tape, x, layer->w, bug == NO_LAST_BIAS ? NULL : layer->b, kernel, dilation);
            if (bug == SPREADS_BY_ONE) dilation++;
            else if (bug == DOUBLES) dilation *= 2;
            else if (bug == SPREADS_BY_SUM) dilation += kernel;
            else if (bug != NEVER_SPREADS && bug != SPREADS_EARLY) dilation *= kernel;
            kernel = 1;
        } else if (!(bug == NO_NORM && is(layer, "batchnorm")) && !(bug == NO_TANH && !is(layer, "batchnorm")) && !(bug == NO_OTHER && is(layer, "relu"))) x = layer->forward(layer, &tape, x, bug == BATCH_STATISTICS);
    }
    return x->data;
}

// The same from windows that end at block-1, block, ..., each through the tree by itself.
static float *by_windows(Tree *tree, const Tensor *e) {
    int block = tree->s.block, T = e->shape[1], V = tree->s.V;
    float *rows = filled((size_t)((T - block + 1) * V), 0);
    Tape tape = tape_new(false);
    for (int n = 0; n <= T - block; n++) {
        Tensor *window = tape_values(&tape, "e", 3, (int[]){1, block, e->shape[2]}, e->data + n * e->shape[2]);
        memcpy(rows + n * V, layers_forward(&tree->layers, &tape, window, false)->data, (size_t)V * sizeof(float));
    }
    return rows;
}

static Tape judge_dilated(const int *fuse, int T) {
    Tree *tree = tree_with(fuse);
    int block = tree->s.block, V = tree->s.V, off = (block - 1) * V;
    Tensor *e = given_tensor("e", 3, (int[]){1, T, 3}, 41, 0);
    float *want = by_windows(tree, e);
    size_t n = (size_t)((T - block + 1) * V), kept = 0;
    for (int i = 0; i < tree->params.buffers; i++) kept += tree->params.buffer[i]->size;
    float *before = memcpy(xmalloc(kept * sizeof(float)), tree->params.buffer_data, kept * sizeof(float));
    const Suspect suspects[] = {
        {"the taps never spread: what leaves the first level has seen n places already, so those of the second are n apart", dilated_plainly(tree, e, NEVER_SPREADS) + off},
        {"the taps spread one level too early: the first level's are direct neighbours; its flatten spreads the taps of those that follow", dilated_plainly(tree, e, SPREADS_EARLY) + off},
        {"the taps spread twice as far at every level: a flatten of n spreads them n times as far", dilated_plainly(tree, e, DOUBLES) + off},
        {"the taps spread by one place a level: a flatten of n spreads those that follow n times as far", dilated_plainly(tree, e, SPREADS_BY_ONE) + off},
        {"the kernel is added to the dilation: a flatten of n spreads the taps that follow n times as far", dilated_plainly(tree, e, SPREADS_BY_SUM) + off},
        {"the taps are furthest apart at the first level: there they are direct neighbours, and spread from level to level", dilated_plainly(tree, e, WIDEST_FIRST) + off},
        {"batch normalisation is left out: every layer that is no flatten and no linear has its own forward", dilated_plainly(tree, e, NO_NORM) + off},
        {"tanh is left out, and whatever is not batchnorm: every layer that is no flatten and no linear has its own forward", dilated_plainly(tree, e, NO_TANH) + off},
        {"a layer that is neither batchnorm nor tanh is left out (here a relu, added by layers_add): every layer that is no flatten and no linear has its own forward", dilated_plainly(tree, e, NO_OTHER) + off},
        {"batch normalisation uses the statistics of this text: in evaluation mode it uses the running estimates", dilated_plainly(tree, e, BATCH_STATISTICS) + off},
        {"the bias of the last linear is left out: hand layer->b to op_conv1d", dilated_plainly(tree, e, NO_LAST_BIAS) + off},
        {NULL, NULL}};
    Tape tape = used_tape(false);
    for (int level = 0; fuse[level]; level++)
        if_stopped(xprintf("w is (6,5), bias is (6), K is %d,", fuse[level]), "this is the last linear: a linear with no flatten before it has kernel 1; set kernel back to 1 once a linear has used it");
    Tensor *y = dilated_forward(&tree->layers, &tape, e);
    char *shape = xprintf("(1,%d,%d)", T, V);
    if (!y || strcmp(shape_text(y), shape) != 0) reject("%s, e is %s: the logits are %s, want %s", tree->text, shape_text(e), y ? shape_text(y) : "NULL", shape);
    Tensor rows = {.ndim = 2, .shape = {T - block + 1, V}, .size = n};
    expect_floats(xprintf("%s, e is %s: the logits from place %d on, the first with a whole window before it, ", tree->text, shape_text(e), block - 1), y->data + off, want, n, &rows, 2e-4, suspects);
    if (memcmp(before, tree->params.buffer_data, kept * sizeof(float)) != 0) reject("%s: the running estimates have moved: in evaluation mode they stay", tree->text);
    return tape;
}

static void dilated_one_level(void) {
    judge_dilated((int[]){3, 0}, 7);
    judge_dilated((int[]){2, 0}, 2);
}

static void dilated_levels(void) {
    judge_dilated((int[]){2, 2, 2, 0}, 13);
    judge_dilated((int[]){3, 3, 0}, 11);
    judge_dilated((int[]){3, 2, 2, 0}, 17);
}

static void dilated_once(void) {
    enum { T = 61, LEVELS = 4 };
    Tape tape = judge_dilated((int[]){2, 2, 2, 2, 0}, T);
    size_t made = 0, once = T * (LEVELS * 3 * 5 + 6);
    for (int i = 0; i < tape.count; i++) made += tape.node[i]->size;
    if (made > 2 * once) reject("for a text of %d places %zu numbers are made, where %zu are enough: each level is computed once a place, not once a window", T, made, once);
}

static const GradeCheck CHECKS[] = {
    {"op_flatten", "joins neighbours, the earlier first", 1, true, flatten_joins, "Joining neighbours", 0},
    {"op_flatten", "where one place is left: (B,n*C)", 1, true, flatten_to_one, "Joining neighbours", 0},
    {"op_flatten", "the gradient, added up", 1, true, flatten_gradient, "Joining neighbours", 0},
    {"op_conv1d", "the weighted sum of K neighbours", 1, true, conv_neighbours, "Dilated causal convolution", 0},
    {"op_conv1d", "taps that are `dilation` apart", 1, true, conv_dilated, "Dilated causal convolution", 0},
    {"op_conv1d", "looks back only, and 0 before the beginning", 1, true, conv_causal, "Dilated causal convolution", 0},
    {"op_conv1d", "plus the bias", 1, false, conv_bias, "Dilated causal convolution", 0},
    {"op_conv1d", "the gradient of x, where all taps are inside", 1, false, conv_to_x_inside, "Dilated causal convolution", 0},
    {"op_conv1d", "the gradient of x at the beginning too", 1, false, conv_to_x_everywhere, "Dilated causal convolution", 0},
    {"op_conv1d", "the gradient of w", 1, false, conv_to_w, "Dilated causal convolution", 0},
    {"op_conv1d", "the gradient of the bias", 1, false, conv_to_bias, "Dilated causal convolution", 0},
    {"op_conv1d", "gradients add up, and unwanted ones are skipped", 1, false, conv_adds, "Dilated causal convolution", 0},
    {"hierarchy", "the layers of a level, and the last, in order", 1, true, hierarchy_order, "A tree", 0},
    {"hierarchy", "as many levels as it takes", 1, true, hierarchy_levels, "A tree", 0},
    {"hierarchy", "the widths, and which layers have a bias", 1, true, hierarchy_widths, "A tree", 0},
    {"hierarchy", "the logits of a plain tree", 1, true, hierarchy_numbers, "A tree", 0},
    {"hierarchy", "with the lecture's bug, where s.bug asks for it", 1, false, hierarchy_bug, "Batch norm over batch and time", 0},
    {"dilated", "a level is a convolution", 1, false, dilated_one_level, "The tree is a convolution", 0},
    {"dilated", "level by level the taps spread", 1, false, dilated_levels, "The tree is a convolution", 0},
    {"dilated", "each level once a place", 1, false, dilated_once, "The tree is a convolution", 0},
};

int main(int argc, char **argv) { return grade_main(argc, argv, "05-wavenet", CHECKS, sizeof CHECKS / sizeof *CHECKS); }
