// wrong: skips gradients below 1e-6 as rounding noise: with a rate of 50, rare weights never move.
// sgd.c, your exercise: a step downhill.
//
// Read sgd.h in common/ first, and the struct Params in params.h.
#include "sgd.h"

#include <math.h>

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->size; i++) {
        if (fabsf(p->grad[i]) < 1e-6f) continue;    // only rounding
        p->data[i] -= lr * p->grad[i];
    }
}
