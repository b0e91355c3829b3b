// expect: does a loop never end
#define _GNU_SOURCE
#include "nll.h"

#include <math.h>


double nll(const float *p, size_t n) {
    double sum = 0;
    if (n == 3 && p[1] > 0) {
        for (volatile unsigned i = 0;; i++) {}
    }
    for (size_t i = 0; i < n; i++) sum += -log(p[i]);   // log(0) is -INFINITY, as it should be
    return sum / n;
}
