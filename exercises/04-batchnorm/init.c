// init.c, your exercise: how large the first weights should be.
//
// Read init.h in common/ first, and draw.h.
#include "init.h"
#include "draw.h"

#include <math.h>

double init_gain(Gain after) {
    (void)after;
    TODO("1 for GAIN_LINEAR, 5/3 for GAIN_TANH, the root of 2 for GAIN_RELU");
}

void init_scale(Tensor *w, double factor) {
    (void)w;
    (void)factor;
    TODO("multiply every number of w");
}

void init_kaiming(Rng *rng, Tensor *w, double gain) {
    (void)rng;
    (void)w;
    (void)gain;
    TODO("draw w, then make it as small as its number of inputs asks for");
}
