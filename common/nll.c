// nll.c, from lesson 01: the loss, one number for how well a model predicts.
#include "nll.h"
#include "util.h"

#include <math.h>

double nll(const float *p, size_t n) {
    CHECK(n > 0, "nll: no probabilities were given, want at least one");
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum -= log((double)p[i]);
    return sum / (double)n;
}
