// first_dim.h of 05-wavenet: the lecture's bug, kept for study: batch normalisation over the first dimension only.
#ifndef FIRST_DIM_H
#define FIRST_DIM_H

#include "layers.h"

// Adds a layer for x (B,T,C), or (B,C) with T = 1. Mean and variance are taken over B alone, for every place and column by itself, so
// from fewer numbers, and the running estimates are (T*C); gain and bias are (C) as they should be.
void first_dim_add(Layers *l, Params *p, int T, int C, float momentum);

#endif
