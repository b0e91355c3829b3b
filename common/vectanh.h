// vectanh.h, from lesson 03: tanh, written so that the compiler does 8 or 16 at a time.
#ifndef VECTANH_H
#define VECTANH_H

// tanh x within 6 units in the last place; NaN stays NaN. A quotient of two polynomials, x p(x²) / q(x²), the closest such to tanh up to
// where it rounds to 1: no branch, no table, no call. The coefficients are those of the Eigen library's fast tanh.
static inline float vec_tanh(float x) {
    const float end = 7.90531110763549805f;
    float c = x > end ? end : x < -end ? -end : x, s = c * c;
    float p = -2.76076847742355e-16f;
    p = p * s + 2.00018790482477e-13f;
    p = p * s - 8.60467152213735e-11f;
    p = p * s + 5.12229709037114e-08f;
    p = p * s + 1.48572235717979e-05f;
    p = p * s + 6.37261928875436e-04f;
    p = p * s + 4.89352455891786e-03f;
    float q = 1.19825839466702e-06f;
    q = q * s + 1.18534705686654e-04f;
    q = q * s + 2.26843463243900e-03f;
    q = q * s + 4.89352518554385e-03f;
    return c * p / q;
}

#endif
