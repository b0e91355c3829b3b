// lrfind.c, your exercise: which learning rate? Try them all in one short run.
//
// Read lrfind.h in common/ first.
#include "lrfind.h"
#include "util.h"

#include <math.h>

void lrfind_rates(double low, double high, int n, double *rate) {
    (void)low;
    (void)high;
    (void)n;
    (void)rate;
    TODO("rate[0 .. n-1]: from low to high, each the same factor larger than the one before");
}

double lrfind_best(const double *rate, const double *loss, int n) {
    (void)rate;
    (void)loss;
    (void)n;
    TODO("smooth the losses, stop at the explosion, and return the rate where the smoothed loss was lowest");
}
