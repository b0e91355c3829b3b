// init.h, from lesson 04: how large the first weights should be.
#ifndef INIT_H
#define INIT_H

#include "rng.h"
#include "tensor.h"

typedef enum { GAIN_LINEAR, GAIN_TANH, GAIN_RELU } Gain;

// By how much weights must be larger to make up for what the function after them takes away: 1, 5/3, sqrt 2.
double init_gain(Gain after);
// Multiplies every number of w.
void init_scale(Tensor *w, double factor);
// w (O,I), drawn by draw_linear, times gain / sqrt(I): if the I inputs have a standard deviation of 1, the outputs have one of `gain`.
// Source: He, Zhang, Ren and Sun, "Delving deep into rectifiers", ICCV 2015, section 2.2.
void init_kaiming(Rng *rng, Tensor *w, double gain);

#endif
