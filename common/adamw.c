// adamw.c, from lesson 06: an optimizer that gives every weight a rate of its own.
#include "adamw.h"
#include "rows.h"

#include <math.h>
#include <stdlib.h>

AdamW adamw_new(const Params *p, double decay) {
    return (AdamW){.beta1 = 0.9, .beta2 = 0.999, .eps = 1e-8, .decay = decay, .size = p->size,
                   .m = xcalloc(p->size, sizeof(float)), .v = xcalloc(p->size, sizeof(float))};
}

void adamw_free(AdamW *a) {
    free(a->m);
    free(a->v);
}

// The factors of one step, which are the same for all weights.
typedef struct {
    float b1, b2, rate, scale, eps, keep;
} Factors;

static void some(AdamW *a, Params *p, Factors k, size_t from, size_t to) {
    float *w = p->data, *m = a->m, *v = a->v;
    const float *g = p->grad;
#pragma omp simd
    for (size_t i = from; i < to; i++) {
        m[i] = k.b1 * m[i] + (1 - k.b1) * g[i];
        v[i] = k.b2 * v[i] + (1 - k.b2) * g[i] * g[i];
        w[i] = k.keep * w[i] - k.rate * m[i] / (sqrtf(v[i]) * k.scale + k.eps);
    }
}

void adamw_step(AdamW *a, Params *p, double lr) {
    CHECK(a->size == p->size, "adamw_step: made for %zu parameters, there are %zu", a->size, p->size);
    a->step++;
    double first = 1 - pow(a->beta1, (double)a->step), second = 1 - pow(a->beta2, (double)a->step);
    Factors k = {(float)a->beta1, (float)a->beta2, (float)(lr / first), (float)(1 / sqrt(second)), (float)a->eps, (float)(1 - lr * a->decay)};
    if (!rows_worth_threads(p->size)) {
        some(a, p, k, 0, p->size);
        return;
    }
    const size_t block = 4096;
#pragma omp parallel for
    for (size_t i = 0; i < p->size; i += block) some(a, p, k, i, i + block < p->size ? i + block : p->size);
}
