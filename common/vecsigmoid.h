// vecsigmoid.h, from lesson 06: the sigmoid, written so that the compiler does 8 or 16 at a time.
#ifndef VECSIGMOID_H
#define VECSIGMOID_H

#include "vectanh.h"

// 1 / (1 + e^-x) = (1 + tanh(x/2)) / 2, within 4e-7; NaN stays NaN.
static inline float vec_sigmoid(float x) { return 0.5f + 0.5f * vec_tanh(0.5f * x); }

#endif
