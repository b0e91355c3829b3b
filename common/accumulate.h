// accumulate.h, from lesson 09: a large batch in small parts, one behind the other.
#ifndef ACCUMULATE_H
#define ACCUMULATE_H

#include "params.h"

// Sets the gradient of `p` to the mean of those of `parts` batches of equal size, and returns the mean of their losses: what one batch of all of
// them would give, in a part of its memory. `part` runs one batch forward and backward: it adds its gradient to p's, and returns its loss.
double accumulate(Params *p, int parts, double (*part)(void *ctx), void *ctx);

#endif
