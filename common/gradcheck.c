// gradcheck.c, from lesson 02: is a gradient right? Ask the loss itself.
#include "gradcheck.h"

double gradcheck_slope(double (*f)(void *ctx), void *ctx, float *x, float h) {
    float before = *x;
    *x = before + h;
    float right = *x;
    double above = f(ctx);
    *x = before - h;
    float left = *x;
    double below = f(ctx);
    *x = before;
    return (above - below) / ((double)right - left);     // the step that was really made, after rounding
}
