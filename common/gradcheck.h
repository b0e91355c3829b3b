// gradcheck.h, from lesson 02: is a gradient right? Ask the loss itself.
#ifndef GRADCHECK_H
#define GRADCHECK_H

// The derivative of f by *x by a central difference, (f(x+h) - f(x-h)) / 2h: wrong by about h² and by rounding/h. For a loss
// kept in float h = 1e-2 is a good middle. *x is put back.
double gradcheck_slope(double (*f)(void *ctx), void *ctx, float *x, float h);

#endif
