// update_ratio.c, from lesson 04: how far a step moves a parameter, for its size.
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    double step = lr * moments(w->grad, w->size).deviation, size = moments(w->data, w->size).deviation;
    return step > 0 && size > 0 ? log10(step / size) : NAN;
}
