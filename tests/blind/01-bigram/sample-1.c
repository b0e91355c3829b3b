// wrong: compares u with each probability by itself and never adds them up.
#include "sample.h"
#include "util.h"

int sample(const float *p, int V, float u) {
    int last = 0;
    for (int k = 0; k < V; k++) {
        if (p[k] > u) return k;
        if (p[k] > 0) last = k;
    }
    return last;
}
