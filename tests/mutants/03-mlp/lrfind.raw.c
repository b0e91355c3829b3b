// expect: where a single loss was lowest
#include "lrfind.h"

#include <math.h>

void lrfind_rates(double low, double high, int n, double *rate) {
    for (int i = 0; i < n; i++) rate[i] = low * pow(high / low, (double)i / (n - 1));
}

double lrfind_best(const double *rate, const double *loss, int n) {
    double lowest = INFINITY, best = rate[0];
    for (int i = 0; i < n; i++) {
        double smooth = loss[i];
        if (isnan(smooth) || smooth > 4 * lowest) break;
        if (smooth < lowest) {
            lowest = smooth;
            best = rate[i];
        }
    }
    return best;
}
