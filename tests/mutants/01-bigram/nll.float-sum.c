// expect: the sum seems to be kept in float
#include "nll.h"

#include <math.h>

double nll(const float *p, size_t n) {
    float sum = 0;
    for (size_t i = 0; i < n; i++) sum += -logf(p[i]);   // log(0) is -INFINITY, as it should be
    return sum / n;
}
