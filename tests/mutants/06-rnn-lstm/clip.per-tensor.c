// expect: every parameter is clipped by its own length
#include "clip.h"

#include <math.h>

double clip_norm(const Params *p) {
    double sum = 0;
    for (size_t i = 0; i < p->size; i++) sum += (double)p->grad[i] * p->grad[i];
    return sqrt(sum);
}

double clip(Params *p, double most) {
    double norm = clip_norm(p);
    if (most > 0 && norm > most && isfinite(norm))
        for (int k = 0; k < p->count; k++) {
            double one = 0;
            for (size_t i = 0; i < p->param[k]->size; i++) one += (double)p->param[k]->grad[i] * p->param[k]->grad[i];
            for (size_t i = 0; i < p->param[k]->size && sqrt(one) > most; i++) p->param[k]->grad[i] *= (float)(most / sqrt(one));
        }
    return norm;
}
