// expect: that is the sum of the lengths of the parameters
#include "clip.h"

#include <math.h>

double clip_norm(const Params *p) {
    double sum = 0;
    for (int k = 0; k < p->count; k++) {
        double one = 0;
        for (size_t i = 0; i < p->param[k]->size; i++) one += (double)p->param[k]->grad[i] * p->param[k]->grad[i];
        sum += sqrt(one);
    }
    return sum;
}

double clip(Params *p, double most) {
    double norm = clip_norm(p);
    if (most > 0 && norm > most && isfinite(norm))
        for (size_t i = 0; i < p->size; i++) p->grad[i] *= (float)(most / norm);
    return norm;
}
