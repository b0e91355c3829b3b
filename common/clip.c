// clip.c, from lesson 06: no step longer than this.
#include "clip.h"

#include "rows.h"

#include <math.h>

enum { PIECES = 64 };       // whose sums are added up in order, whatever the number of threads

static double squares(const Params *p, size_t piece) {
    size_t from = piece * p->size / PIECES, to = (piece + 1) * p->size / PIECES;
    const float *g = p->grad;
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (size_t i = from; i < to; i++) sum += (double)g[i] * g[i];
    return sum;
}

static void times(Params *p, float scale, size_t piece) {
    size_t from = piece * p->size / PIECES, to = (piece + 1) * p->size / PIECES;
    float *g = p->grad;
#pragma omp simd
    for (size_t i = from; i < to; i++) g[i] *= scale;
}

double clip_norm(const Params *p) {
    double part[PIECES], sum = 0;
    if (rows_worth_threads(p->size)) {
#pragma omp parallel for
        for (size_t k = 0; k < PIECES; k++) part[k] = squares(p, k);
    } else
        for (size_t k = 0; k < PIECES; k++) part[k] = squares(p, k);
    for (int k = 0; k < PIECES; k++) sum += part[k];
    return sqrt(sum);
}

double clip(Params *p, double most) {
    double norm = clip_norm(p);
    if (most <= 0 || !(norm > most) || isinf(norm)) return norm;
    float scale = (float)(most / norm);
    if (rows_worth_threads(p->size)) {
#pragma omp parallel for
        for (size_t k = 0; k < PIECES; k++) times(p, scale, k);
    } else
        for (size_t k = 0; k < PIECES; k++) times(p, scale, k);
    return norm;
}
