// histogram.h, from lesson 04: how numbers are spread.
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stddef.h>

typedef struct {
    double mean, deviation;     // standard deviation, unbiased
} Moments;

Moments moments(const float *x, size_t n);

// The density of x over [low, high], cut into bins of equal width: density[i] * width is the share of all n numbers that lie in bin i, so
// what lies outside is missing from the sum. centre[i] is the middle of bin i.
void histogram(const float *x, size_t n, double low, double high, int bins, double *centre, double *density);

#endif
