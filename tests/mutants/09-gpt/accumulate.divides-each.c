// expect: after every part all that is there is divided, so
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    params_zero_grad(p);
    for (int i = 0; i < parts; i++) {
        loss += part(ctx);
        for (size_t k = 0; k < p->size; k++) p->grad[k] /= (float)parts;
    }
    return loss / parts;
}
