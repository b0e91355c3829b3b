// sgd.c, from lesson 02: a step downhill.
#include "sgd.h"

void sgd(Params *p, float lr) {
#pragma omp simd
    for (size_t i = 0; i < p->size; i++) p->data[i] -= lr * p->grad[i];
}
