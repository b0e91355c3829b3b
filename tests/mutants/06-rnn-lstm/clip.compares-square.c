// expect: length 6.464, most 10: short gradients are made longer
#include "clip.h"

#include <math.h>

double clip_norm(const Params *p) {
    double sum = 0;
    for (size_t i = 0; i < p->size; i++) sum += (double)p->grad[i] * p->grad[i];
    return sqrt(sum);
}

double clip(Params *p, double most) {
    double norm = clip_norm(p);
    if (most > 0 && norm * norm > most && isfinite(norm))
        for (size_t i = 0; i < p->size; i++) p->grad[i] *= (float)(most / norm);
    return norm;
}
