// grade/shared.c of 11-moe: what the files of lesson 11's grader share.
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

void go_back(Tape *tape, Tensor *y, const float *dy) {
    tape_want_grad(tape, y);
    if (!y->grad) reject("%s wants no gradient, though its inputs do: make it with tape_tensor, and name them there", y->name);
    memcpy(y->grad, dy, y->size * sizeof *dy);
    y->backward(y);
    if (memcmp(y->grad, dy, y->size * sizeof *dy) != 0) reject("backward changes the gradient that it comes from: it only reads that, and adds to the gradients of the inputs");
}

void unwanted(Tensor *t) {
    t->wants_grad = false;
    t->grad = NULL;
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

bool same_ints(const int *a, const int *b, int n) { return memcmp(a, b, (size_t)n * sizeof *a) == 0; }

const char *ints_text(const int *v, int n) {
    enum { MOST = 16 };
    const char *text = "";
    for (int i = 0; i < n && i < MOST; i++) text = xprintf("%s%s%d", text, i ? " " : "", v[i]);
    return n > MOST ? xprintf("%s ...", text) : text;
}

const Routing *given_routing(const int *choice, int N, int K, int E, int capacity) {
    int *place = xmalloc((size_t)(N * K) * sizeof(int)), *start = xcalloc((size_t)E + 1, sizeof(int)), *asked = xcalloc((size_t)E, sizeof(int));
    for (int k = 0; k < K; k++)
        for (int n = 0; n < N; n++) {
            int e = choice[n * K + k], before = asked[e]++;
            place[n * K + k] = capacity && before >= capacity ? -1 : before;
        }
    for (int e = 0; e < E; e++) start[e + 1] = start[e] + (capacity ? min_int(asked[e], capacity) : asked[e]);
    int *slot = xmalloc((size_t)start[E] * sizeof(int));
    for (int i = 0; i < N * K; i++)
        if (place[i] >= 0) {
            place[i] = start[choice[i] + 1] - 1 - place[i];
            slot[place[i]] = i;
        }
    Routing *r = xmalloc(sizeof *r);
    *r = (Routing){N, K, E, given_ints(choice, (size_t)(N * K)), place, slot, start, asked};
    return r;
}
