// operations.c: what graders of operations share.
#include "operations.h"

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
    memset(tape_floats(&tape, 1 << 17), 0xFF, sizeof(float) << 17);
    tape_reset(&tape);
    return tape;
}

void go_back(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    if (!y->grad) reject("%s wants no gradient, though its inputs do: make it with tape_tensor, and name them there", y->name);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    y->backward(y);
}

void go_back_reading(Tape *tape, Tensor *y, const float *dy) {
    go_back(tape, y, dy);
    if (memcmp(y->grad, dy, y->size * sizeof *dy) != 0) reject("backward changes the gradient that it comes from: it only reads that, and adds to the gradients of the inputs");
}

void expect_shape(const char *what, const Tensor *y, const char *want) {
    if (!y) reject("%s is NULL: return the tensor that tape_tensor makes", what);
    if (strcmp(shape_text(y), want) != 0) reject("%s is %s, want %s", what, shape_text(y), want);
}

bool is_close(const float *got, const float *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!(fabsf(got[i] - want[i]) <= 3e-5f * (1 + fabsf(want[i])))) return false;
    return true;
}
