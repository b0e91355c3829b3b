// expect: p = 0.3, 0.3, 0.3999
#include "sample.h"

int sample(const float *p, int V, float u) {
    double sum = 0;
    int last = V - 1;
    for (int k = 0; k < V; k++) {
        if (p[k] == 0) continue;
        sum += p[k];
        if (sum > u) return k;
    }
    return last;
}
