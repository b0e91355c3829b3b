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
    (void)lr;
    TODO("count the step; then, for every weight: m, v, and the weight itself");
}
