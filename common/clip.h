// clip.h, from lesson 06: no step longer than this.
#ifndef CLIP_H
#define CLIP_H

#include "params.h"

// The length of all gradients together, as one long vector, in double: sqrt of the sum of their squares.
double clip_norm(const Params *p);
// Multiplies all gradients by most / norm if their norm is greater than `most`: the direction stays. most 0: never. Returns the norm
// before. Where that is no finite number, gradients stay as they are.
// Source: Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", ICML 2013, section 3.2.
double clip(Params *p, double most);

#endif
