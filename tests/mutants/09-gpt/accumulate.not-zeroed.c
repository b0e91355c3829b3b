// expect: what was in p->grad before takes part in the mean
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    for (int i = 0; i < parts; i++) loss += part(ctx);
    for (size_t i = 0; i < p->size; i++) p->grad[i] /= (float)parts;
    return loss / parts;
}
