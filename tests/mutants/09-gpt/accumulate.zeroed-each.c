// expect: it is set to 0 before every part
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    for (int i = 0; i < parts; i++) {
        params_zero_grad(p);
        loss += part(ctx);
    }
    for (size_t i = 0; i < p->size; i++) p->grad[i] /= (float)parts;
    return loss / parts;
}
