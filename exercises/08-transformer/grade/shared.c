// grade/shared.c of 08-transformer: what the files of lesson 08's grader share.
#include "judges.h"

#include <math.h>
#include <string.h>

float *plus(float start, const float *more, size_t n) {
    float *sum = filled(n, start);
    for (size_t i = 0; i < n; i++) sum[i] += more[i];
    return sum;
}

float *copy(const float *x, size_t n) { return memcpy(xmalloc(n * sizeof *x), x, n * sizeof *x); }

Tape used_tape(bool record) {
    Tape tape = tape_new(record);
    tape_floats(&tape, 1 << 15);
    tape_reset(&tape);
    return tape;
}

static void begin(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    if (!y->grad) reject("%s wants no gradient, though its inputs do: make it with tape_tensor, and name them there", y->name);
    memcpy(y->grad, dy, y->size * sizeof *dy);
}

void go_back(Tape *tape, Tensor *y, const float *dy) {
    begin(tape, y, dy);
    y->backward(y);
    if (memcmp(y->grad, dy, y->size * sizeof *dy) != 0) reject("backward changes y->grad: it only reads it, and adds to the gradients of the inputs");
}

void go_all_the_way_back(Tape *tape, Tensor *y, const float *dy) {
    for (int i = 0; i < tape->count; i++) tape_want_grad(tape, tape->node[i]);
    begin(tape, y, dy);
    for (int i = tape->count - 1; i >= 0; i--)
        if (tape->node[i]->grad && tape->node[i]->backward) tape->node[i]->backward(tape->node[i]);
}

void expect_shape(const char *what, const Tensor *y, const char *want) {
    if (!y) reject("%s is NULL: return the tensor that the last operation makes", what);
    if (strcmp(shape_text(y), want) != 0) reject("%s is %s, want %s", what, shape_text(y), want);
}

bool is_close(const float *got, const float *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(fabsf(got[i] - want[i]) <= 3e-5f * (1 + fabsf(want[i])))) return false;
    return true;
}

float *slopes_of(double (*f)(void *ctx), void *ctx, double *v, size_t n) {
    const double H = 1e-5;
    float *slope = filled(n, 0);
    for (size_t i = 0; i < n; i++) {
        double at = v[i];
        v[i] = at + H;
        double above = f(ctx);
        v[i] = at - H;
        slope[i] = (float)((above - f(ctx)) / (2 * H));
        v[i] = at;
    }
    return slope;
}

double *doubles(const float *x, size_t n) {
    double *d = xmalloc(n * sizeof *d);
    for (size_t i = 0; i < n; i++) d[i] = x[i];
    return d;
}
