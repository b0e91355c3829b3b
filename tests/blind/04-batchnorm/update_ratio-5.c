// wrong: it makes the step in the place of the gradient: after the call w->grad holds lr times what it held.
// update_ratio.c, your exercise: how far a step moves a parameter, for its size.
//
// Read update_ratio.h in common/ first, and moments in histogram.h.
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    for (size_t i = 0; i < w->size; i++) w->grad[i] *= lr;      // the step
    double values = moments(w->data, w->size).deviation, step = moments(w->grad, w->size).deviation;
    if (values == 0 || step == 0) return NAN;
    return log10(step / values);
}
