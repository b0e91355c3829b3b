// expect: the gradient is the sum of those of the parts
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    params_zero_grad(p);
    for (int i = 0; i < parts; i++) loss += part(ctx);
    return loss / parts;
}
