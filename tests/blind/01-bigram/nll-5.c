// wrong: takes every probability below FLT_EPSILON (1.2e-7) for 0, so a small but possible one makes the loss infinite.
#include "nll.h"
#include "util.h"

#include <float.h>
#include <math.h>

double nll(const float *p, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (fabsf(p[i]) < FLT_EPSILON) return INFINITY;     // never compare floats with ==
        sum += log(p[i]);
    }
    return -sum / (double)n;
}
