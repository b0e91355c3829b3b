// wrong: takes the logarithm of the mean probability instead of the mean of the logarithms.
#include "nll.h"
#include "util.h"

#include <math.h>

double nll(const float *p, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == 0) return INFINITY;
        sum += p[i];
    }
    return -log(sum / (double)n);
}
