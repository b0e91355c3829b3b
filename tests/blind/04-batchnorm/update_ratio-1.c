// wrong: the logarithm is the natural one, not that to base 10.
// update_ratio.c, your exercise: how far a step moves a parameter, for its size.
//
// Read update_ratio.h in common/ first, and moments in histogram.h.
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    double values = moments(w->data, w->size).deviation, gradients = moments(w->grad, w->size).deviation;
    if (values == 0 || gradients == 0) return NAN;
    return log(lr * gradients / values);
}
