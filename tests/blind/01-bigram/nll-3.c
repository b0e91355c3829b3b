// wrong: multiplies all probabilities and takes one logarithm at the end; the product underflows to 0 for a long text.
#include "nll.h"
#include "util.h"

#include <math.h>

double nll(const float *p, size_t n) {
    double product = 1;     // double, because a float holds 0 after forty characters
    for (size_t i = 0; i < n; i++) product *= p[i];
    return -log(product) / (double)n;
}
