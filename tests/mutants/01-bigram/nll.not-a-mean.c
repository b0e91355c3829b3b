// expect: the sum: want the mean
#include "nll.h"

#include <math.h>

double nll(const float *p, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += -log(p[i]);   // log(0) is -INFINITY, as it should be
    return sum;
}
