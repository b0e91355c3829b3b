// wrong: scales the gradient in place by lr before subtracting it, so the gradient is not left as it is.
// sgd.c, your exercise: a step downhill.
//
// Read sgd.h in common/ first, and the struct Params in params.h.
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->size; i++) {
        p->grad[i] *= lr;
        p->data[i] -= p->grad[i];
    }
}
