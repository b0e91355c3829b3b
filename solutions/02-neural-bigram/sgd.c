// sgd.c, a solution: a step downhill.
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->size; i++) p->data[i] -= lr * p->grad[i];
}
