// expect: the ratio is of lengths (norms)
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

static double length(const float *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += x[i] * x[i];
    return sqrt(sum);
}

double update_ratio(const Tensor *w, double lr) {
    double step = lr * length(w->grad, w->size), size = length(w->data, w->size);
    if (step == 0 || size == 0) return NAN;
    return log10(step / size);
}
