// wrong: uses log2, so the result is in bits per character and not in nats.
#include "nll.h"
#include "util.h"

#include <math.h>

double nll(const float *p, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum -= log2(p[i]);
    return sum / (double)n;
}
