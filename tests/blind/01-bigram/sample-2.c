// wrong: tests the sum before the outcome's own probability is in it, so it answers one outcome too late.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    int last = 0;
    for (int k = 0; k < V; k++) {
        if (sum > u) return k;
        sum += p[k];
        if (p[k] > 0) last = k;
    }
    return last;
}
