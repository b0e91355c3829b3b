// clip.c, from lesson 06: no step longer than this.
#include "clip.h"

#include <math.h>

double clip_norm(const Params *p) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = 0; i < p->size; i++) sum += (double)p->grad[i] * p->grad[i];
    return sqrt(sum);
}

double clip(Params *p, double most) {
    double norm = clip_norm(p);
    if (most <= 0 || !(norm > most) || isinf(norm)) return norm;
    float scale = (float)(most / norm);
#pragma omp simd
    for (size_t i = 0; i < p->size; i++) p->grad[i] *= scale;
    return norm;
}
