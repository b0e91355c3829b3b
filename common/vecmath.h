// vecmath.h, from lesson 02: e to the x, written so that the compiler does 8 or 16 at a time.
#ifndef VECMATH_H
#define VECMATH_H

#include <stdint.h>
#include <string.h>

// e^x within 2 units in the last place; 0 below -87, e^88 above 88; NaN stays NaN. No branch, no table, no library call, so
// that a loop of it becomes vector instructions (put `#pragma omp simd` in front).
//     x = n ln 2 + r with |r| <= ln 2 / 2:   e^x = 2^n e^r;   e^r by its Taylor polynomial, 2^n by the exponent's bits
static inline float vec_exp(float x) {
    float c = x > 88.0f ? 88.0f : x < -87.0f ? -87.0f : x;
    float n = c * 1.44269504f + 12582912.0f;    // adding 1.5 * 2^23 rounds to a whole number: it is in the low bits
    uint32_t bits;
    memcpy(&bits, &n, 4);
    n -= 12582912.0f;
    float r = c - n * 0.693359375f + n * 2.12194440e-4f;    // ln 2 in two parts, the first exact in a few bits
    float p = 1.0f / 5040;
    p = p * r + 1.0f / 720;
    p = p * r + 1.0f / 120;
    p = p * r + 1.0f / 24;
    p = p * r + 1.0f / 6;
    p = p * r + 0.5f;
    p = p * r * r + r + 1.0f;
    uint32_t power = (bits + 127u) << 23;
    float scale;
    memcpy(&scale, &power, 4);
    return x < -87.0f ? 0.0f : p * scale;
}

#endif
