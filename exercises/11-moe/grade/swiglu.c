// grade/swiglu.c of 11-moe: the checks of op_swiglu, by the formula and by its relatives.
#include "judges.h"
#include "op_swiglu.h"

#include <math.h>

static const double TOLERANCE = 5e-6;

// Where gate and up of number f of row n stand in x (N,2F).
typedef enum { HALVES, EXCHANGED, INTERLEAVED, WHOLE_HALVES, ROWS_OF_F } Layout;

typedef enum { SILU, SIGMOID, GELU, GELU_TANH, RELU, TANH, IDENTITY, ONE, MINUS, NO_ONE, TWICE, SILU_UP, SILU_BOTH, ADDED } Form;

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }
static double silu(double x) { return x * sigmoid(x); }

static double value(Form form, double g, double up) {
    switch (form) {
    case SIGMOID: return sigmoid(g) * up;
    case GELU: return g * (1 + erf(g / sqrt(2))) / 2 * up;
    case GELU_TANH: return g * (1 + tanh(0.7978845608028654 * (g + 0.044715 * g * g * g))) / 2 * up;
    case RELU: return fmax(g, 0) * up;
    case TANH: return tanh(g) * up;
    case IDENTITY: return g * up;
    case ONE: return silu(g);
    case MINUS: return g / (1 + exp(g)) * up;
    case NO_ONE: return g / exp(-g) * up;
    case TWICE: return silu(silu(g)) * up;
    case SILU_UP: return g * sigmoid(up);
    case SILU_BOTH: return silu(g) * silu(up);
    case ADDED: return silu(g) + up;
    default: return silu(g) * up;
    }
}

static void places(Layout layout, int N, int F, int n, int f, int *gate, int *up) {
    int at = n * 2 * F;
    *gate = layout == EXCHANGED ? at + F + f : layout == INTERLEAVED ? at + 2 * f : layout == WHOLE_HALVES || layout == ROWS_OF_F ? n * F + f : at + f;
    *up = layout == EXCHANGED ? at + f : layout == INTERLEAVED ? at + 2 * f + 1 : layout == WHOLE_HALVES ? (N + n) * F + f : layout == ROWS_OF_F ? n * F + F + f : at + F + f;
}

static float *values(const Tensor *x, Layout layout, Form form) {
    int N = rows_of(x), F = last_of(x) / 2, gate, up;
    float *y = filled(x->size / 2, 0);
    for (int n = 0; n < N; n++)
        for (int f = 0; f < F; f++) {
            places(layout, N, F, n, f, &gate, &up);
            y[n * F + f] = (float)value(form, x->data[gate], x->data[up]);
        }
    return y;
}

static const struct { const char *why; Layout layout; Form form; } KNOWN[] = {
    {"gate and up are exchanged: each row has the F numbers of the gate first, and silu is that of the gate", EXCHANGED, SILU},
    {"the sigmoid alone lets up pass, as in the first gated units (GLU): silu(g) = g * sigmoid(g), the g is missing", HALVES, SIGMOID},
    {"that is GeGLU, with GELU in place of silu: silu(g) = g / (1 + e^-g)", HALVES, GELU},
    {"that is GeGLU, with GELU by tanh in place of silu: silu(g) = g / (1 + e^-g)", HALVES, GELU_TANH},
    {"that is ReGLU, with ReLU in place of silu: silu(g) = g / (1 + e^-g)", HALVES, RELU},
    {"the gate goes through tanh: it goes through silu(g) = g / (1 + e^-g)", HALVES, TANH},
    {"that is gate times up: the gate goes through silu first", HALVES, IDENTITY},
    {"that is silu(gate) alone: it is multiplied by up", HALVES, ONE},
    {"the sign is wrong: silu(g) = g / (1 + e^-g), with a minus", HALVES, MINUS},
    {"the 1 is missing: silu(g) = g / (1 + e^-g)", HALVES, NO_ONE},
    {"silu is applied twice", HALVES, TWICE},
    {"up goes through the sigmoid, and the gate as it is: both are the gate's in silu(g) = g * sigmoid(g)", HALVES, SILU_UP},
    {"silu is applied to both halves: only to the gate", HALVES, SILU_BOTH},
    {"up is added: it is multiplied by silu(gate)", HALVES, ADDED},
    {"gate and up are taken in turns, 2f and 2f + 1: each row has the F numbers of the gate, then the F of up", INTERLEAVED, SILU},
    {"the first half of all of x is taken for the gate: it is the first half of each row", WHOLE_HALVES, SILU},
    {"rows are taken F apart: x has rows of 2F numbers", ROWS_OF_F, SILU}};

static Tensor *input(int ndim, const int *shape, float start) {
    Tensor *x = given_tensor("x", ndim, shape, 61, start);
    for (size_t i = 0; i < x->size; i++) x->data[i] *= 1.6f;
    x->data[0] = x->data[last_of(x) - 1] = 0;       // a gate, and what another one lets through
    return x;
}

static void judge_values(int ndim, const int *shape, bool record) {
    Tape tape = used_tape(record);
    Tensor *x = input(ndim, shape, 0), half = *x;
    half.shape[ndim - 1] /= 2;
    Tensor *y = op_swiglu(&tape, x);
    const char *text = xprintf("x is %s: y", shape_text(x));
    Suspect suspects[COUNT(KNOWN) + 1] = {{NULL, NULL}};
    for (int i = 0; i < COUNT(KNOWN); i++) suspects[i] = (Suspect){KNOWN[i].why, values(x, KNOWN[i].layout, KNOWN[i].form)};
    expect_shape(text, y, xprintf("%s", shape_text(&half)));
    if (isnan(y->data[y->size - 1]) && !isnan(y->data[0])) reject("%s: the last number is NaN, for it was never written: there are rows_of(x) rows, in whatever shape", text);
    expect_floats("x is to be left alone: after the call x", x->data, input(ndim, shape, 0)->data, x->size, x, 0, NULL);
    expect_floats(text, y->data, values(x, HALVES, SILU), y->size, y, TOLERANCE, suspects);
}

static const float FAR[] = {-1e4f, -300, -100, -40, 40, 100, 300, 1e4f};
enum { FARS = COUNT(FAR) };

static Tensor *far_gates(void) {
    Tensor *x = given_tensor("x", 1, (int[]){2 * FARS}, 63, 0);
    for (int i = 0; i < FARS; i++) x->data[i] = FAR[i];
    return x;
}

void swiglu_values(void) {
    judge_values(2, (int[]){4, 6}, true);
    judge_values(3, (int[]){2, 3, 10}, true);
    judge_values(4, (int[]){2, 2, 3, 2}, true);
    judge_values(1, (int[]){14}, true);
    judge_values(3, (int[]){2, 3, 10}, false);
    Tape tape = used_tape(true);
    Tensor *x = far_gates(), *y = op_swiglu(&tape, x);
    for (int i = 0; i < FARS; i++)
        if (isnan(y->data[i])) reject("the gate is %g: y is NaN, infinity over infinity or times 0: e^x is infinite from 89 on. g / (1 + expf(-g)) is right on both sides", (double)FAR[i]);
    expect_floats("for gates far from 0, y", y->data, values(x, HALVES, SILU), FARS, y, TOLERANCE, NULL);
}

// --- backward ---

typedef enum {
    DONE, DERIVATIVE_OF_SIGMOID, ONLY_S, SECOND_HALF, NO_G, NO_1_MINUS, SQUARED, MINUS_SECOND, AT_UP, SILU_FOR_S, NO_UP, NO_DY, UP_IS_SIGMOID, UP_IS_GATE, UP_IS_DY, UP_HAS_UP, SWAPPED,
    GATE_ONLY, UP_ONLY, TURNS
} Slip;

// The slopes by gate and by up.
static void slopes(Slip slip, double g, double up, double *of_gate, double *of_up) {
    double s = sigmoid(g), h = slip == AT_UP ? up : g, t = slip == AT_UP ? sigmoid(up) : slip == SILU_FOR_S ? silu(g) : s;
    double silus = slip == DERIVATIVE_OF_SIGMOID ? s * (1 - s)
                 : slip == ONLY_S ? s
                 : slip == SECOND_HALF ? g * s * (1 - s)
                 : slip == NO_G ? s + s * (1 - s)
                 : slip == NO_1_MINUS ? s + g * s
                 : slip == SQUARED ? s * (1 + g * (1 - s * s))
                 : slip == MINUS_SECOND ? s * (1 - g * (1 - s)) : t * (1 + h * (1 - t));
    *of_gate = slip == NO_UP ? silus : slip == UP_ONLY ? 0 : silus * up;
    *of_up = slip == GATE_ONLY ? 0 : slip == UP_IS_SIGMOID ? s : slip == UP_IS_GATE ? g : slip == UP_IS_DY ? 1 : slip == UP_HAS_UP ? g * s * up : g * s;
    if (slip == SWAPPED) {
        double other = *of_gate;
        *of_gate = *of_up;
        *of_up = other;
    }
}

static float *gradient(const Tensor *x, const float *dy, Slip slip, float start) {
    int N = rows_of(x), F = last_of(x) / 2, gate, up, to_gate, to_up;
    float *dx = filled(x->size, start);
    for (int n = 0; n < N; n++)
        for (int f = 0; f < F; f++) {
            double of_gate, of_up, from = slip == NO_DY ? 1 : dy[n * F + f];
            places(HALVES, N, F, n, f, &gate, &up);
            places(slip == TURNS ? INTERLEAVED : HALVES, N, F, n, f, &to_gate, &to_up);
            slopes(slip, x->data[gate], x->data[up], &of_gate, &of_up);
            dx[to_gate] += (float)(from * of_gate);
            dx[to_up] += (float)(from * of_up);
        }
    return dx;
}

static const struct { const char *why; Slip slip; } SLOPES[] = {
    {"silu's slope is taken for the sigmoid's, s (1 - s): silu is g times s, so it is s + g s (1 - s)", DERIVATIVE_OF_SIGMOID},
    {"in silu's slope only the first half of the product rule is there: s + g s (1 - s)", ONLY_S},
    {"in silu's slope only the second half of the product rule is there: s + g s (1 - s)", SECOND_HALF},
    {"in silu's slope g is missing: s + g s (1 - s)", NO_G},
    {"in silu's slope 1 - s is missing: s + g s (1 - s)", NO_1_MINUS},
    {"the sigmoid's slope is s (1 - s), not s (1 - s²): that is tanh's, nearly", SQUARED},
    {"in silu's slope the second half has the wrong sign: s + g s (1 - s)", MINUS_SECOND},
    {"the slope of silu is taken at up: it is that at the gate", AT_UP},
    {"in silu's slope s stands for the sigmoid, not for silu: s + g s (1 - s)", SILU_FOR_S},
    {"the gate's gradient lacks up: dg = dy * up * slope of silu", NO_UP},
    {"dx lacks dy: both slopes are multiplied by what comes from behind, y->grad", NO_DY},
    {"up's gradient is dy * sigmoid(g): it is dy * silu(g), with the g", UP_IS_SIGMOID},
    {"up's gradient is dy * g: it is dy * silu(g)", UP_IS_GATE},
    {"up's gradient is dy: up is multiplied by silu(g), and so is its gradient", UP_IS_DY},
    {"up's gradient has up in it: y = silu(g) * up, so it is dy * silu(g)", UP_HAS_UP},
    {"the gradients of gate and up are exchanged: each row has those of the gate first", SWAPPED},
    {"only the gate gets a gradient: up learns too, dup = dy * silu(g)", GATE_ONLY},
    {"only up gets a gradient: the gate learns too, dg = dy * up * slope of silu", UP_ONLY},
    {"the gradients are written in turns, 2f and 2f + 1: each row has the F of the gate, then the F of up", TURNS}};

static void judge_slope(int ndim, const int *shape, float start) {
    Tape tape = used_tape(true), other = used_tape(true);
    Tensor *x = input(ndim, shape, start), *y = op_swiglu(&tape, x);
    float *dy = given_floats(y->size, 64), *right = gradient(x, dy, DONE, 0);
    if (!is_close(y->data, values(x, HALVES, SILU), y->size)) reject("y is not right yet, so its gradient cannot be: see the check above");
    op_swiglu(&other, input(2, (int[]){3, 4}, 0));
    go_back_reading(&tape, y, dy);
    Suspect suspects[COUNT(SLOPES) + 3] = {
        {"dx is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", right},
        {"dx stays as it was", filled(x->size, start)}};
    for (int i = 0; i < COUNT(SLOPES); i++) suspects[2 + i] = (Suspect){SLOPES[i].why, gradient(x, dy, SLOPES[i].slip, start)};
    if (isnan(x->grad[last_of(x) - 1])) reject("up is 0 there, and its gradient NaN: y / up is silu(g) only where up is not 0. Compute silu from the gate again");
    expect_floats(xprintf("x is %s: %sdx", shape_text(x), was(start)), x->grad, plus(start, right, x->size), x->size, x, TOLERANCE, suspects);
}

void swiglu_slope(void) {
    judge_slope(2, (int[]){4, 6}, 0.5f);
    judge_slope(3, (int[]){2, 3, 10}, 0.5f);
    judge_slope(1, (int[]){14}, 0.5f);
    Tape tape = used_tape(true);
    Tensor *x = far_gates(), *y = op_swiglu(&tape, x);
    go_back_reading(&tape, y, filled(FARS, 1));
    for (int i = 0; i < 2 * FARS; i++)
        if (isnan(x->grad[i])) reject("the gate is %g: its slopes are NaN, infinity over infinity or times 0. With s = 1 / (1 + expf(-g)), s (1 + g (1 - s)) never is", (double)FAR[i % FARS]);
    expect_floats("for gates far from 0, dx", x->grad, gradient(x, filled(FARS, 1), DONE, 0), 2 * FARS, x, TOLERANCE, NULL);
    x = input(2, (int[]){4, 6}, 0);
    unwanted(x);
    y = op_swiglu(&tape, x);
    y->grad = filled(y->size, 1);
    if_stopped("null pointer", "x->grad may be NULL, where nobody wants that gradient: ask for that first");
    y->backward(y);
}
