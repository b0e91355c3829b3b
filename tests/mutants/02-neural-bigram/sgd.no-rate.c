// expect: the learning rate is left out
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->size; i++) p->data[i] -= p->grad[i];
}
