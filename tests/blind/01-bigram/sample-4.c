// wrong: when no sum is greater than u it answers the likeliest outcome instead of the last one that has a probability.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    int best = 0;
    for (int k = 0; k < V; k++) {
        sum += p[k];
        if (sum > u) return k;
        if (p[k] > p[best]) best = k;
    }
    return best;    // rounding: something that surely has a probability
}
