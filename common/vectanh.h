// vectanh.h, from lesson 03: tanh, written so that the compiler does 8 or 16 at a time.
#ifndef VECTANH_H
#define VECTANH_H

#include "vecmath.h"

// tanh x within 4 units in the last place; NaN stays NaN. Near 0 a polynomial x + x^3 p(x^2) (1 - 2/(e^2x + 1) would lose all its
// digits there), elsewhere that; both are computed and one is kept, so that there is no branch. The coefficients are those of
// Moshier's Cephes library, tanhf.
static inline float vec_tanh(float x) {
    float a = x < 0 ? -x : x, s = x * x;
    float p = -5.70498872745e-3f;
    p = p * s + 2.06390887954e-2f;
    p = p * s - 5.37397155531e-2f;
    p = p * s + 1.33314422036e-1f;
    p = p * s - 3.33332819422e-1f;
    float near = x + x * s * p;
    float far = 1.0f - 2.0f / (vec_exp(2 * a) + 1.0f);
    return a < 0.625f ? near : x < 0 ? -far : far;
}

#endif
