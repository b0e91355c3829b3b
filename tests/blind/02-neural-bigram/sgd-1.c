// wrong: moves along the gradient instead of against it: uphill.
// sgd.c, your exercise: a step downhill.
//
// Read sgd.h in common/ first, and the struct Params in params.h.
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->size; i++) p->data[i] += lr * p->grad[i];
}
