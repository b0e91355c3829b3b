// wrong: it compares the roots of the mean squares, without taking the means away, so they are not standard deviations.
// update_ratio.c, your exercise: how far a step moves a parameter, for its size.
//
// Read update_ratio.h in common/ first, and moments in histogram.h.
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

static double spread(const float *x, size_t n) {
    double squares = 0;
    for (size_t i = 0; i < n; i++) squares += (double)x[i] * x[i];
    return sqrt(squares / n);
}

double update_ratio(const Tensor *w, double lr) {
    double values = spread(w->data, w->size), gradients = spread(w->grad, w->size);
    if (values == 0 || gradients == 0) return NAN;
    return log10(lr * gradients / values);
}
