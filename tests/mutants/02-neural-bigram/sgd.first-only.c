// expect: only the first parameter moves
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (size_t i = 0; i < p->param[0]->size; i++) p->data[i] -= lr * p->grad[i];
}
