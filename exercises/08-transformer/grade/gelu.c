// grade/gelu.c of 08-transformer: the checks of op_gelu, by the formula and by its relatives.
#include "judges.h"
#include "op_gelu.h"

#include <math.h>

static const double TOLERANCE = 3e-6, PI = 3.14159265358979323846;

// GELU, what people take for it, and what comes out of it with one slip.
typedef enum {
    RIGHT, EXACT, QUICK, SILU, RELU, NO_CUBE, SQUARE, CUBE_OUTSIDE, NO_ROOT, ROOT_INVERTED, NO_CONSTANT, NOT_DOUBLED, NO_HALF, NO_ONE, MINUS, NO_X, ROUNDED, ERF_UNSCALED,
    FORMS
} Form;

static double sigmoid(double x) { return 1 / (1 + exp(-x)); }

static double value(Form form, double x) {
    double root = sqrt(2 / PI), cube = 0.044715, u = root * (x + cube * x * x * x);
    switch (form) {
    case EXACT: return x * (1 + erf(x / sqrt(2))) / 2;
    case ERF_UNSCALED: return x * (1 + erf(x)) / 2;
    case QUICK: return x * sigmoid(1.702 * x);
    case SILU: return x * sigmoid(x);
    case RELU: return x > 0 ? x : 0;
    case NO_CUBE: return x * (1 + tanh(root * x)) / 2;
    case SQUARE: return x * (1 + tanh(root * (x + cube * x * x))) / 2;
    case CUBE_OUTSIDE: return x * (1 + tanh(root * x + cube * x * x * x)) / 2;
    case NO_ROOT: return x * (1 + tanh(2 / PI * (x + cube * x * x * x))) / 2;
    case ROOT_INVERTED: return x * (1 + tanh(sqrt(PI / 2) * (x + cube * x * x * x))) / 2;
    case NO_CONSTANT: return x * (1 + tanh(x + cube * x * x * x)) / 2;
    case NOT_DOUBLED: return x * sigmoid(u);
    case NO_HALF: return x * (1 + tanh(u));
    case NO_ONE: return x * tanh(u) / 2;
    case MINUS: return x * (1 - tanh(u)) / 2;
    case NO_X: return (1 + tanh(u)) / 2;
    case ROUNDED: return x * (1 + tanh(root * (x + 0.0447 * x * x * x))) / 2;
    default: return x * (1 + tanh(u)) / 2;
    }
}

static double slope_of(Form form, double x) {
    const double H = 1e-5;
    return form == RELU ? x > 0 : (value(form, x + H) - value(form, x - H)) / (2 * H);
}

// Slips of the slope alone.
typedef enum { NO_PRODUCT = FORMS, SECOND_ONLY, NO_INNER, INNER_NO_3, INNER_NO_CUBE, INNER_NO_ROOT, NOT_SQUARED, NO_SECH, SIGMOID_NOT_DOUBLED, SECOND_NO_HALF, SECOND_NO_X, MINUS_SECOND, Y_SQUARED, DONE } Slip;

static double slipped(Slip slip, double x) {
    double root = sqrt(2 / PI), cube = 0.044715, t = tanh(root * (x + cube * x * x * x)), inner = root * (1 + 3 * cube * x * x);
    double first = (1 + t) / 2, second = x * (1 - t * t) / 2;
    switch (slip) {
    case NO_PRODUCT: return first;
    case SECOND_ONLY: return second * inner;
    case NO_INNER: return first + second;
    case INNER_NO_3: return first + second * root * (1 + cube * x * x);
    case INNER_NO_CUBE: return first + second * root;
    case INNER_NO_ROOT: return first + second * (1 + 3 * cube * x * x);
    case NOT_SQUARED: return first + x * (1 - t) / 2 * inner;
    case NO_SECH: return first + x / 2 * inner;
    case SIGMOID_NOT_DOUBLED: return first + second * inner / 2;
    case SECOND_NO_HALF: return first + 2 * second * inner;
    case SECOND_NO_X: return first + second / x * inner;
    case MINUS_SECOND: return first - second * inner;
    case Y_SQUARED: return first + x * (1 - value(RIGHT, x) * value(RIGHT, x)) / 2 * inner;
    default: return slope_of((Form)slip, x);
    }
}

typedef struct { int form; const char *why; } Known;

static const Known VALUES[] = {
    {EXACT, "that is the exact form, x times the normal distribution's share below x, by erf: PyTorch's nn.GELU() unless it is told otherwise. Here it is the form with tanh, as in GPT-2 (approximate=\"tanh\"); they differ by up to 0.0005"},
    {ERF_UNSCALED, "that is the form with erf, and in it x is not divided by the root of 2; here it is the form with tanh, as in GPT-2"},
    {QUICK, "that is x * sigmoid(1.702 x), the paper's second and rougher approximation: here it is the form with tanh"},
    {SILU, "that is SiLU (Swish), x * sigmoid(x): here it is x * sigmoid(2u)"},
    {RELU, "that is ReLU: GELU is soft, and a little below 0 left of 0"},
    {NO_CUBE, "the cube is left out: u = ROOT (x + CUBE x³)"},
    {SQUARE, "x² stands where x³ should: u = ROOT (x + CUBE x³)"},
    {CUBE_OUTSIDE, "the cube stands outside of the bracket: ROOT multiplies both, u = ROOT (x + CUBE x³)"},
    {NO_ROOT, "2/pi stands where its root should: ROOT is sqrt(2/pi)"},
    {ROOT_INVERTED, "sqrt(pi/2) stands where sqrt(2/pi) should"},
    {NO_CONSTANT, "ROOT is left out: u = ROOT (x + CUBE x³), with ROOT = sqrt(2/pi)"},
    {NOT_DOUBLED, "the sigmoid is taken of u: x * sigmoid(2u) is the same as x (1 + tanh u) / 2"},
    {NO_HALF, "the half is left out: 1 + tanh goes from 0 to 2, so x (1 + tanh u) / 2"},
    {NO_ONE, "the 1 is left out: x (1 + tanh u) / 2"},
    {MINUS, "the sign before tanh is wrong: x (1 + tanh u) / 2"},
    {NO_X, "x is left out: that is only the share that it is multiplied by"},
    {ROUNDED, "CUBE is rounded: it is 0.044715, and GPT-2's weights were learned with that"},
    {0, NULL}};

static const Known SLOPES[] = {
    {EXACT, "that is the slope of the exact form, by erf: here y has the form with tanh, and the slope is that of the same curve"},
    {QUICK, "that is the slope of x * sigmoid(1.702 x): the slope is that of the curve in y"},
    {SILU, "that is the slope of SiLU, x * sigmoid(x): the slope is that of the curve in y"},
    {RELU, "that is ReLU's slope, 0 or 1: GELU's goes from one to the other softly, below 0 and above 1 on its way"},
    {NO_PRODUCT, "only the first half of the product rule is there: y is x times (1 + tanh u) / 2, and x is in both. dy/dx = (1 + t) / 2 + x (1 - t²) / 2 du/dx"},
    {SECOND_ONLY, "only the second half of the product rule is there: dy/dx = (1 + t) / 2 + x (1 - t²) / 2 du/dx"},
    {NO_INNER, "du/dx is left out (the chain rule): it is ROOT (1 + 3 CUBE x²)"},
    {INNER_NO_3, "the 3 is missing in du/dx: the slope of CUBE x³ is 3 CUBE x²"},
    {INNER_NO_CUBE, "du/dx is taken for ROOT: the cube has a slope too, ROOT (1 + 3 CUBE x²)"},
    {INNER_NO_ROOT, "ROOT is missing in du/dx: ROOT (1 + 3 CUBE x²)"},
    {NOT_SQUARED, "tanh's slope is 1 - t², not 1 - t"},
    {Y_SQUARED, "tanh's slope is 1 - t², with t = tanh u; that is 1 - y², of the result"},
    {NO_SECH, "tanh's slope is left out: 1 - t²"},
    {SIGMOID_NOT_DOUBLED, "the second part is half of what it should be: with the sigmoid s of 2u, it is x s (1 - s) 2 du/dx; with tanh x (1 - t²) / 2 du/dx"},
    {SECOND_NO_HALF, "the second part is twice what it should be: x (1 - t²) / 2 du/dx"},
    {SECOND_NO_X, "x is missing in the second part: x (1 - t²) / 2 du/dx"},
    {MINUS_SECOND, "the second part has the wrong sign: it is added"},
    {0, NULL}};

// x (n), from -4 to 4 and 0 among them.
enum { N = 41 };

static Tensor *xs(float start) {
    Tensor *x = given_tensor("x", 2, (int[]){1, N}, 41, start);
    for (int i = 0; i < N; i++) x->data[i] = i == 20 ? 0 : (float)(0.2 * (i - 20) + 0.011 * (i % 7));
    return x;
}

static float *values_of(const Tensor *x, Form form) {
    float *y = filled(x->size, 0);
    for (size_t i = 0; i < x->size; i++) y[i] = (float)value(form, x->data[i]);
    return y;
}

static float *slopes(const Tensor *x, const float *dy, int slip, float start) {
    float *dx = filled(x->size, start);
    for (size_t i = 0; i < x->size; i++) {
        double at = x->data[i];
        if (slip == SECOND_NO_X && at == 0) at = 1e-9;
        dx[i] += dy[i] * (float)slipped((Slip)slip, at);
    }
    return dx;
}

void gelu_values(void) {
    Suspect suspects[sizeof VALUES / sizeof *VALUES + 1] = {{NULL, NULL}};
    Tensor *x = xs(0);
    int count = 0;
    for (; VALUES[count].why; count++) suspects[count] = (Suspect){VALUES[count].why, values_of(x, (Form)VALUES[count].form)};
    Tape tape = used_tape(true);
    Tensor *y = op_gelu(&tape, x);
    expect_shape("y", y, "(1,41)");
    if (isnan(y->data[N - 1]) && !isnan(y->data[0])) reject("x is (1,41): the last number of y is NaN, for it was never written: there are y->size of them, in whatever shape");
    expect_floats("x is to be left alone: after the call x", x->data, xs(0)->data, N, x, 0, NULL);
    suspects[count] = (Suspect){"y is 0 everywhere: in C, 1 / 2 of two ints is 0; write 0.5f, or divide at the end", filled(N, 0)};
    expect_floats("y", y->data, values_of(x, RIGHT), N, y, TOLERANCE, suspects);
    x = given_tensor("x", 3, (int[]){2, 3, 5}, 42, 0);
    y = op_gelu(&tape, x);
    if (isnan(y->data[29]) && !isnan(y->data[0])) reject("x is (2,3,5): the last number of y is NaN, for it was never written: there are y->size of them, in whatever shape");
    expect_floats("x is (2,3,5): y", y->data, values_of(x, RIGHT), x->size, y, TOLERANCE, NULL);
    Tape plain = used_tape(false);
    y = op_gelu(&plain, x);
    expect_floats("on a tape that does not record (evaluation), y", y->data, values_of(x, RIGHT), x->size, y, TOLERANCE, NULL);
}

static const float FAR[] = {-1e4f, -300, -100, -40, -12, -8, -6, 6, 8, 12, 40, 100, 300, 1e4f};
enum { FARS = sizeof FAR / sizeof *FAR };

void gelu_far(void) {
    Tape tape = used_tape(true);
    Tensor *x = given_tensor("x", 1, (int[]){FARS}, 43, 0);
    for (int i = 0; i < FARS; i++) x->data[i] = FAR[i];
    Tensor *y = op_gelu(&tape, x);
    const char *nan = "tanh is computed by exp, which is infinite from 89 on: infinity over infinity is NaN. Use tanhf, which knows";
    for (int i = 0; i < FARS; i++)
        if (isnan(y->data[i])) reject("x is %g: y is NaN: %s", (double)FAR[i], nan);
    for (int i = 0; i < FARS; i++) expect_number(xprintf("x is %g: y", (double)FAR[i]), y->data[i], value(RIGHT, FAR[i]), TOLERANCE);
    go_back_reading(&tape, y, filled(FARS, 1));
    for (int i = 0; i < FARS; i++)
        if (isnan(x->grad[i])) reject("x is %g: the slope is NaN: a power of e is infinite there. 1 - t² with t = tanhf(u) never is", (double)FAR[i]);
    for (int i = 0; i < FARS; i++) expect_number(xprintf("x is %g: the slope", (double)FAR[i]), x->grad[i], slipped(DONE, FAR[i]), 2e-5);
}

static void judge_slope(Tensor *x, const char *text, float start) {
    Tape tape = used_tape(true);
    float *dy = given_floats(x->size, 44);
    Tensor *y = op_gelu(&tape, x);
    if (!is_close(y->data, values_of(x, RIGHT), x->size)) reject("y is not right yet, so its gradient cannot be: see the checks above");
    go_back_reading(&tape, y, dy);
    const float *want = slopes(x, dy, RIGHT, start);
    size_t set = x->size;
    while (set > 0 && x->grad[set - 1] == start) set--;
    if (set > 0 && set < x->size && is_close(x->grad, want, set)) reject("x is %s: dx gets something in the first %zu of its %zu numbers only: there are y->size of them, in whatever shape", shape_text(x), set, x->size);
    Suspect suspects[sizeof SLOPES / sizeof *SLOPES + 6] = {
        {"dx lacks dy: the slope is multiplied by what comes from behind, y->grad", slopes(x, filled(x->size, 1), RIGHT, start)},
        {"dx is dy: the slope of GELU is left out", plus(start, dy, x->size)},
        {"dx is overwritten: a gradient is added to what is there (+=), for the same tensor may be used elsewhere too", slopes(x, dy, RIGHT, 0)},
        {"dx stays as it was", filled(x->size, start)}};
    float *at_y = filled(x->size, start);
    for (size_t i = 0; i < x->size; i++) at_y[i] += dy[i] * (float)slope_of(RIGHT, value(RIGHT, x->data[i]));
    suspects[4] = (Suspect){"the slope is taken at y: it is that at x, which y->in[0]->data still holds", at_y};
    for (int i = 0; SLOPES[i].why; i++) suspects[5 + i] = (Suspect){SLOPES[i].why, slopes(x, dy, SLOPES[i].form, start)};
    expect_floats(xprintf("%sdx", text), x->grad, want, x->size, x, TOLERANCE, suspects);
}

void gelu_slope(void) {
    judge_slope(xs(0), "", 0);
    judge_slope(given_tensor("x", 3, (int[]){2, 3, 5}, 42, 0), "x is (2,3,5): ", 0);
}

void gelu_adds(void) {
    judge_slope(xs(0.5f), "a gradient that begins at 0.5: ", 0.5f);
    Tape tape = used_tape(true), other = used_tape(true);
    Tensor *x = xs(0), *second = given_tensor("x", 2, (int[]){3, 4}, 45, 0);
    float *dy = given_floats(N, 44);
    Tensor *y = op_gelu(&tape, x);
    op_gelu(&other, second);
    go_back_reading(&tape, y, dy);
    expect_floats("two of them at once (keep nothing in static memory), and back through the first: dx", x->grad, slopes(x, dy, RIGHT, 0), N, x, TOLERANCE, NULL);
    x = xs(0);
    x->wants_grad = false;
    x->grad = NULL;
    y = op_gelu(&tape, x);
    y->grad = dy;
    if_stopped("null pointer", "x->grad may be NULL, where nobody wants that gradient: ask for that first");
    y->backward(y);
}
