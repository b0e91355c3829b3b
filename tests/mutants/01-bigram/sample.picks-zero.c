// expect: it picked an outcome of probability 0
#include "sample.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    int last = 0;                       // the last outcome that is possible at all
    for (int k = 0; k < V; k++) {
        sum += p[k];
        last = k;
        if (sum >= u) break;
    }
    return last;
}
