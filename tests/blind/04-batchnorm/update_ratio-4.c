// wrong: a deviation below 1e-8 is taken for none, so small but varying gradients (or values) give NAN.
// update_ratio.c, your exercise: how far a step moves a parameter, for its size.
//
// Read update_ratio.h in common/ first, and moments in histogram.h.
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    double values = moments(w->data, w->size).deviation, gradients = moments(w->grad, w->size).deviation;
    if (values < 1e-8 || gradients < 1e-8) return NAN;
    return log10(lr * gradients / values);
}
