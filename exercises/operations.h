// operations.h: what graders of operations share: from lesson 06 on, an operation is run on a tape, and its gradient taken back.
#ifndef OPERATIONS_H
#define OPERATIONS_H

#include "grade.h"

// start[i] + more[i]: what a gradient must be that was added to what was there
float *plus(float start, const float *more, size_t n);
// The same numbers, in a block of their own.
float *copy(const float *x, size_t n);
// A tape whose memory was used before, as in every step of training but the first: what is never written is NaN.
Tape used_tape(bool record);
// Takes dy back from y to what it was made from, by y's own backward function.
void go_back(Tape *tape, Tensor *y, const float *dy);
// The same, and looks whether backward leaves the gradient that it comes from as it was.
void go_back_reading(Tape *tape, Tensor *y, const float *dy);
// Is the result a tensor of the wanted shape?
void expect_shape(const char *what, const Tensor *y, const char *want);
// Are they the same numbers, but for rounding?
bool is_close(const float *got, const float *want, size_t n);

#endif
