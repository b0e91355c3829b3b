// wrong: where the gradient is 0 only the decay is applied: m and v do not fade, and the weight does not move on by its m.
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
    double fix1 = 1 - pow(a->beta1, (double)a->step), fix2 = 1 - pow(a->beta2, (double)a->step);
    for (size_t i = 0; i < p->size; i++) {
        double g = p->grad[i], w = p->data[i];
        if (g == 0) {           // nothing to learn, such as the embedding of a character that did not occur
            p->data[i] = (float)(w - lr * a->decay * w);
            continue;
        }
        a->m[i] = (float)(a->beta1 * a->m[i] + (1 - a->beta1) * g);
        a->v[i] = (float)(a->beta2 * a->v[i] + (1 - a->beta2) * g * g);
        double m = a->m[i] / fix1, v = a->v[i] / fix2;
        p->data[i] = (float)(w - lr * (m / (sqrt(v) + a->eps) + a->decay * w));
    }
}
