// sample.c, from lesson 01: draw one outcome from a distribution.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    int last = -1;
    for (int k = 0; k < V; k++) {
        if (!(p[k] > 0)) continue;
        last = k;
        sum += p[k];
        if (sum > u) return k;
    }
    CHECK(last >= 0, "sample: all %d probabilities are zero (or NaN), want a sum of 1", V);
    return last;
}
