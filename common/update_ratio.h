// update_ratio.h, from lesson 04: how far a step moves a parameter, for its size.
#ifndef UPDATE_RATIO_H
#define UPDATE_RATIO_H

#include "tensor.h"

// log10 of the standard deviation of lr * gradient divided by that of the values. About -3 is healthy: a step changes a weight by a
// thousandth of what it is. Far below, the parameter hardly learns; far above, it is thrown about. Both deviations are unbiased.
// NAN where the values or the gradients do not vary.
double update_ratio(const Tensor *w, double lr);

#endif
