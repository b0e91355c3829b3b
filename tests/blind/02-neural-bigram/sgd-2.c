// wrong: loops over count, the number of tensors, instead of size, the number of values.
// sgd.c, your exercise: a step downhill.
//
// Read sgd.h in common/ first, and the struct Params in params.h.
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (int i = 0; i < p->count; i++) p->data[i] -= lr * p->grad[i];
}
