// update_ratio.c, your exercise: how far a step moves a parameter, for its size.
//
// Read update_ratio.h in common/ first, and moments in histogram.h.
#include "update_ratio.h"
#include "histogram.h"

#include <math.h>

double update_ratio(const Tensor *w, double lr) {
    (void)w;
    (void)lr;
    TODO("log10 of the deviation of the step over the deviation of the values; NAN where either is 0");
}
