// sample.h, from lesson 01: draw one outcome from a distribution.
#ifndef SAMPLE_H
#define SAMPLE_H

// The outcome that a uniform number u in [0, 1) picks from probabilities p[0..V), which sum to about 1: the first k
// whose cumulative sum p[0] + ... + p[k] is greater than u (the inverse of the cumulative distribution function).
// An outcome of probability 0 is never picked, not even when rounding leaves the whole sum at or below u: then it is
// the last outcome that has a probability.
int sample(const float *p, int V, float u);

#endif
