// expect: v's bias correction lacks the power
// adamw.c, a solution: an optimizer that gives every weight a rate of its own.
#include "adamw.h"

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

void adamw_step(AdamW *a, Params *p, double lr) {
    CHECK(a->size == p->size, "adamw_step: made for %zu parameters, there are %zu", a->size, p->size);
    a->step++;
    double fix_m = 1 - pow(a->beta1, (double)a->step), fix_v = 1 - a->beta2;
    for (size_t i = 0; i < p->size; i++) {
        double g = p->grad[i], w = p->data[i];
        double m = a->beta1 * a->m[i] + (1 - a->beta1) * g;
        double v = a->beta2 * a->v[i] + (1 - a->beta2) * g * g;
        p->data[i] = (float)(w - lr * (m / fix_m / (sqrt(v / fix_v) + a->eps) + a->decay * w));
        a->m[i] = (float)m;
        a->v[i] = (float)v;
    }
}
