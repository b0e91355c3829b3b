// histogram.c, from lesson 04: how numbers are spread.
#include "histogram.h"

#include <math.h>

Moments moments(const float *x, size_t n) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) sum += x[i];
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++) squares += (x[i] - mean) * (x[i] - mean);
    return (Moments){mean, n > 1 ? sqrt(squares / (double)(n - 1)) : 0};
}

void histogram(const float *x, size_t n, double low, double high, int bins, double *centre, double *density) {
    double width = (high - low) / bins;
    for (int i = 0; i < bins; i++) {
        centre[i] = low + (i + 0.5) * width;
        density[i] = 0;
    }
    for (size_t i = 0; i < n; i++) {
        if (!(x[i] >= low && x[i] <= high)) continue;
        int bin = (int)((x[i] - low) / width);
        density[bin < bins ? bin : bins - 1] += 1 / (width * (double)n);
    }
}
