// expect: the parameters go uphill
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->size; i++) p->data[i] += lr * p->grad[i];
}
