// expect: their product underflows
#include "nll.h"

#include <math.h>

double nll(const float *p, size_t n) {
    double product = 1;
    for (size_t i = 0; i < n; i++) product *= p[i];
    return -log(product) / n;
}
