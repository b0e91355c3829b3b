// sample.c, your exercise: draw one outcome from a distribution.
//
// Read sample.h in common/ first: it says what goes in and what comes out.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    (void)p;
    (void)V;
    (void)u;
    TODO("the first outcome at which the sum of probabilities is greater than u");
}
