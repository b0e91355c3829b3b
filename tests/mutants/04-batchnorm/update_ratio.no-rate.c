// expect: the learning rate is left out
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    (void)lr;
    double step = moments(w->grad, w->size).deviation, size = moments(w->data, w->size).deviation;
    if (step == 0 || size == 0) return NAN;
    return log10(step / size);
}
