// wrong: most 0 should mean never, but here it makes all gradients 0.
// clip.c, your exercise: no step longer than this.
//
// Read clip.h in common/ first, and the struct Params in params.h.
#include "clip.h"

#include <math.h>

double clip_norm(const Params *p) {
    double sum = 0;
    for (size_t i = 0; i < p->size; i++) sum += (double)p->grad[i] * (double)p->grad[i];
    return sqrt(sum);
}

double clip(Params *p, double most) {
    double norm = clip_norm(p);
    if (isfinite(norm) && norm > most) {
        double factor = most / norm;
        for (size_t i = 0; i < p->size; i++) p->grad[i] = (float)(p->grad[i] * factor);
    }

    return norm;
}
