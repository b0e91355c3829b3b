// lrfind.c, from lesson 03: which learning rate? Try them all in one short run.
#include "lrfind.h"

#include <math.h>

static const double KEEP = 0.98, EXPLODED = 4;

void lrfind_rates(double low, double high, int n, double *rate) {
    for (int i = 0; i < n; i++) rate[i] = low * pow(high / low, (double)i / (n - 1));
}

double lrfind_best(const double *rate, const double *loss, int n) {
    double average = 0, weight = 1, lowest = INFINITY, best = rate[0];
    for (int i = 0; i < n; i++) {
        average = KEEP * average + (1 - KEEP) * loss[i];
        weight *= KEEP;
        double smooth = average / (1 - weight);
        if (!(smooth <= EXPLODED * lowest)) break;
        if (smooth < lowest) {
            lowest = smooth;
            best = rate[i];
        }
    }
    return best;
}
