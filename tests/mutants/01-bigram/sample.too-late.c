// expect: one too late
#include "sample.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    int last = 0;                       // the last outcome that is possible at all
    for (int k = 0; k < V; k++) {
        if (p[k] == 0) continue;
        last = k;
        if (sum > u) break;
        sum += p[k];
    }
    return last;
}
