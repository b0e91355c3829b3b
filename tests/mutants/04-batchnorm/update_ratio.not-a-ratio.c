// expect: where all gradients are 0
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    double step = lr * moments(w->grad, w->size).deviation, size = moments(w->data, w->size).deviation;
    return log10(step / size);
}
