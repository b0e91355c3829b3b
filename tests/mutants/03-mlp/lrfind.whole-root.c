// expect: all rates are equal
#include "lrfind.h"

#include <math.h>

void lrfind_rates(double low, double high, int n, double *rate) {
    for (int i = 0; i < n; i++) rate[i] = low * pow(pow(high / low, 1 / (n - 1)), i);
}

double lrfind_best(const double *rate, const double *loss, int n) {
    double s = 0, lowest = INFINITY, best = rate[0];
    for (int i = 0; i < n; i++) {
        s = 0.98 * s + 0.02 * loss[i];
        double smooth = s / (1 - pow(0.98, i + 1));     // s began at 0, so that the first ones are too small
        if (isnan(smooth) || smooth > 4 * lowest) break;
        if (smooth < lowest) {
            lowest = smooth;
            best = rate[i];
        }
    }
    return best;
}
