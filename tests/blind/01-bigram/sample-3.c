// wrong: when rounding leaves the whole sum at or below u it answers V-1, even if that outcome has probability 0.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    for (int k = 0; k < V - 1; k++) {
        sum += p[k];
        if (sum > u) return k;
    }
    return V - 1;   // none of the others: it must be the last one
}
