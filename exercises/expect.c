// expect.c: what a check may ask of an answer, and what it builds its questions from.
#include "grade.h"
#include "rng.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool close_enough(double got, double want, double tolerance) {
    if (got == want || !isfinite(want)) return got == want;     // nothing is close to infinity but infinity
    return !(!(fabs(got - want) <= tolerance * (1 + fabs(want))));
}

static bool all_close(const float *got, const float *want, size_t n, double tolerance) {
    for (size_t i = 0; i < n; i++)
        if (!close_enough(got[i], want[i], tolerance)) return false;
    return true;
}

// "[2][0]" for place i of a tensor of that shape.
static void name_place(size_t i, const Tensor *shape, char *text, size_t room) {
    if (!shape || shape->ndim == 0) {
        snprintf(text, room, "[%zu]", i);
        return;
    }
    int n = 0;
    size_t below = shape->size;
    for (int d = 0; d < shape->ndim; d++) {
        below /= (size_t)shape->shape[d];
        n += snprintf(text + n, room - (size_t)n, "[%zu]", i / below);
        i %= below;
    }
}

// The factor by which all of got differs from want, or 0: there is no such factor.
static double common_ratio(const float *got, const float *want, size_t n) {
    double ratio = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabs(want[i]) < 1e-4) continue;
        double r = (double)got[i] / want[i];
        if (ratio == 0) ratio = r;
        if (!(fabs(r - ratio) <= 1e-3 * fabs(ratio))) return 0;
    }
    return ratio;
}

void expect_floats(const char *what, const float *got, const float *want, size_t n, const Tensor *shape, double tolerance, const Suspect *suspects) {
    if (all_close(got, want, n, tolerance)) return;
    for (const Suspect *s = suspects; s && s->why; s++)
        if (all_close(got, s->values, n, tolerance)) reject("%s", s->why);
    size_t bad = 0, wrong = 0;
    for (size_t i = n; i-- > 0;)
        if (!close_enough(got[i], want[i], tolerance)) {
            bad = i;
            wrong++;
        }
    char place[80], hint[120] = "";
    name_place(bad, shape, place, sizeof place);
    double ratio = common_ratio(got, want, n);
    if (isnan(got[bad])) snprintf(hint, sizeof hint, "; NaN comes from 0/0, inf-inf, log of a negative number, or memory never written");
    else if (ratio != 0 && fabs(ratio - 1) > 1e-3 && n > 1) snprintf(hint, sizeof hint, "; all of it is %.4g times what it should be", ratio);
    reject("%s%s is %.6g, want %.6g (%zu of %zu differ%s)", what, n == 1 && (!shape || shape->ndim == 0) ? "" : place, isnan(got[bad]) ? (double)NAN : (double)got[bad], (double)want[bad], wrong, n, hint);
}

void expect_number(const char *what, double got, double want, double tolerance) {
    if (!close_enough(got, want, tolerance)) reject("%s is %.8g, want %.8g", what, got, want);
}

void expect_int(const char *what, long got, long want) {
    if (got != want) reject("%s is %ld, want %ld", what, got, want);
}

float *given_floats(size_t n, uint32_t seed) {
    Rng rng;
    float *x = xmalloc(n * sizeof *x);
    rng_seed(&rng, seed);
    rng_normal(&rng, x, n);
    return x;
}

int *given_ints(const int *values, size_t n) { return memcpy(xmalloc(n * sizeof *values), values, n * sizeof *values); }

float *filled(size_t n, float value) {
    float *x = xmalloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++) x[i] = value;
    return x;
}

Tensor *given_tensor(const char *name, int ndim, const int *shape, uint32_t seed, float grad) {
    Tensor *t = xcalloc(1, sizeof *t);
    *t = (Tensor){.name = name, .ndim = ndim, .size = 1, .wants_grad = true};
    for (int d = 0; d < ndim; d++) t->size *= (size_t)(t->shape[d] = shape[d]);
    t->data = given_floats(t->size, seed);
    t->grad = filled(t->size, grad);
    return t;
}
