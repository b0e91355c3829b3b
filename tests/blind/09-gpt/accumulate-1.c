// wrong: with one part it hands over to `part` at once, without clearing the gradient first; shows only with parts == 1 and something left in p->grad from before.
// accumulate.c, your exercise: a large batch in small parts, one behind the other.
//
// Read accumulate.h in common/ first, and the struct Params in params.h.
#include "accumulate.h"

double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    if (parts == 1) return part(ctx);       // nothing to add up, nothing to divide
    double loss = 0;
    params_zero_grad(p);
    for (int i = 0; i < parts; i++) loss += part(ctx);
    for (size_t k = 0; k < p->size; k++) p->grad[k] /= (float)parts;
    return loss / parts;
}
