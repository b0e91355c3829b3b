// wrong: reading ends where a single raw loss, not the smoothed one, is more than four times the lowest, so one bad minibatch ends it.
// lrfind.c: which learning rate? Try them all in one short run.
#include "lrfind.h"
#include "util.h"

#include <math.h>

void lrfind_rates(double low, double high, int n, double *rate) {
    for (int i = 0; i < n; i++) rate[i] = low * pow(high / low, (double)i / (n - 1));
}

double lrfind_best(const double *rate, const double *loss, int n) {
    double s = 0, lowest = INFINITY, best = rate[0];
    for (int i = 0; i < n; i++) {
        s = 0.98 * s + 0.02 * loss[i];
        double smooth = s / (1 - pow(0.98, i + 1));
        if (isnan(smooth) || loss[i] > 4 * lowest) break;
        if (smooth < lowest) {
            lowest = smooth;
            best = rate[i];
        }
    }
    return best;
}
