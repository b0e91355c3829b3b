// accumulate.c, from lesson 09: a large batch in small parts, one behind the other.
#include "accumulate.h"

// The loss is a mean over all examples; with parts of equal size, it is the mean of the parts' means, and so is its gradient.
double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx) {
    double loss = 0;
    float scale = 1 / (float)parts;
    params_zero_grad(p);
    for (int i = 0; i < parts; i++) loss += part(ctx);
    if (parts > 1)
#pragma omp simd
        for (size_t i = 0; i < p->size; i++) p->grad[i] *= scale;
    return loss / parts;
}
