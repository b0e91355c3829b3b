// wrong: the powers of beta are kept in static variables, so a second optimizer goes on where the first one was.
// adamw.c, your exercise: an optimizer that gives every weight a rate of its own.
//
// Read adamw.h in common/ first, and the struct Params in params.h.
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
    static double power1 = 1, power2 = 1;       // beta^t, one factor more at each step: faster than pow
    power1 *= a->beta1;
    power2 *= a->beta2;
    double fix1 = 1 - power1, fix2 = 1 - power2;
    for (size_t i = 0; i < p->size; i++) {
        double g = p->grad[i], w = p->data[i];
        a->m[i] = (float)(a->beta1 * a->m[i] + (1 - a->beta1) * g);
        a->v[i] = (float)(a->beta2 * a->v[i] + (1 - a->beta2) * g * g);
        double m = a->m[i] / fix1, v = a->v[i] / fix2;
        p->data[i] = (float)(w - lr * (m / (sqrt(v) + a->eps) + a->decay * w));
    }
}
