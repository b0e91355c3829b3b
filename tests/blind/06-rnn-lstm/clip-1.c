// wrong: every parameter tensor is shortened by a factor of its own, so the direction of the whole turns.
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
    if (most > 0 && isfinite(norm) && norm > most)
        for (int k = 0; k < p->count; k++) {
            Tensor *w = p->param[k];
            double sum = 0;
            for (size_t i = 0; i < w->size; i++) sum += (double)w->grad[i] * (double)w->grad[i];
            double own = sqrt(sum);
            if (own <= most) continue;
            for (size_t i = 0; i < w->size; i++) w->grad[i] = (float)(w->grad[i] * (most / own));
        }

    return norm;
}
