// saturation.h, from lesson 04: how many units have stopped listening.
#ifndef SATURATION_H
#define SATURATION_H

#include "tensor.h"

// The share, 0 to 1, of the numbers in y (N,C) that lie beyond +limit or -limit. tanh's gradient is 1 - y², nearly 0 there:
// beyond 0.97 less than 6 % of a gradient comes through.
double saturation(const Tensor *y, double limit);
// How many columns of y (N,C) lie beyond the limit in every row: units that let nothing through for any example of this batch.
int saturation_dead(const Tensor *y, double limit);

#endif
