// expect: it is the ratio itself
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    double step = lr * moments(w->grad, w->size).deviation, size = moments(w->data, w->size).deviation;
    if (step == 0 || size == 0) return NAN;
    return step / size;
}
