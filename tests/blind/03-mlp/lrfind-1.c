// wrong: the factor is the n-th root of high / low where the n-1-th belongs, so the last rate falls short of high.
// lrfind.c: which learning rate? Try them all in one short run.
#include "lrfind.h"
#include "util.h"

#include <math.h>

void lrfind_rates(double low, double high, int n, double *rate) {
    double factor = pow(high / low, 1.0 / n);
    rate[0] = low;
    for (int i = 1; i < n; i++) rate[i] = rate[i - 1] * factor;
}

double lrfind_best(const double *rate, const double *loss, int n) {
    double s = 0, lowest = INFINITY, best = rate[0];
    for (int i = 0; i < n; i++) {
        s = 0.98 * s + 0.02 * loss[i];
        double smooth = s / (1 - pow(0.98, i + 1));
        if (isnan(smooth) || smooth > 4 * lowest) break;
        if (smooth < lowest) {
            lowest = smooth;
            best = rate[i];
        }
    }
    return best;
}
