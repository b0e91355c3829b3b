// lrfind.h, from lesson 03: which learning rate? Try them all in one short run.
#ifndef LRFIND_H
#define LRFIND_H

// n rates from `low` to `high`, each the same factor larger than the one before: rate[0] = low, rate[n-1] = high. n is 2 or more.
void lrfind_rates(double low, double high, int n, double *rate);

// From the losses of a run whose step i used rate[i] (rising): the rate at which the smoothed loss was lowest. Smoothed: the
// exponential average s_i = 0.98 s_(i-1) + 0.02 loss_i from s_(-1) = 0, divided by 1 - 0.98^(i+1), which corrects for that
// start. Reading ends where the smoothed loss is no number or more than four times the lowest so far: the run has exploded.
// Source: L. N. Smith, "Cyclical learning rates for training neural networks", WACV 2017, section 3.3; the smoothing is
// that of common practice since.
double lrfind_best(const double *rate, const double *loss, int n);

#endif
