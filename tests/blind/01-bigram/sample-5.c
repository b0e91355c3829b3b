// wrong: stretches u by the whole sum so that it always falls inside, which moves the borders when the row does not sum to exactly 1.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    double total = 0;
    for (int k = 0; k < V; k++) total += p[k];

    double target = u * total;      // the line is `total` long, not quite 1
    double sum = 0;
    int last = 0;
    for (int k = 0; k < V; k++) {
        sum += p[k];
        if (sum > target) return k;
        if (p[k] > 0) last = k;
    }
    return last;
}
