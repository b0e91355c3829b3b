// sgd.h, from lesson 02: a step downhill.
#ifndef SGD_H
#define SGD_H

#include "params.h"

// Stochastic gradient descent: every parameter moves against its gradient, data -= lr * grad. The gradient is left as it is.
void sgd(Params *p, float lr);

#endif
