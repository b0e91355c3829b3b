// nll.h, from lesson 01: the loss, one number for how well a model predicts.
#ifndef NLL_H
#define NLL_H

#include <stddef.h>

// The negative log-likelihood per character: the mean of -ln p[i], where p[i] is the probability that the model gave to
// the character that came. In nats; the sum is kept in double. A probability of 0 makes it INFINITY. n is at least 1.
double nll(const float *p, size_t n);

#endif
