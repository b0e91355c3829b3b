// expect: parts is 4, and part is called 5 times
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    params_zero_grad(p);
    for (int i = 0; i <= parts; i++) loss += part(ctx);
    for (size_t i = 0; i < p->size; i++) p->grad[i] /= (float)parts;
    return loss / parts;
}
