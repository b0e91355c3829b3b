// wrong: the gradient is halved after each part behind the first, as a running mean, so later parts weigh more than earlier ones; shows from three parts on (one and two are right).
// accumulate.c, your exercise: a large batch in small parts, one behind the other.
//
// Read accumulate.h in common/ first, and the struct Params in params.h.
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    params_zero_grad(p);
    for (int i = 0; i < parts; i++) {
        loss += part(ctx);
        if (i > 0)          // the mean of what was there and what has come
            for (size_t k = 0; k < p->size; k++) p->grad[k] *= 0.5f;
    }
    return loss / parts;
}
