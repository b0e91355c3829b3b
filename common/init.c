// init.c, from lesson 04: how large the first weights should be.
#include "init.h"
#include "draw.h"

#include <math.h>

double init_gain(Gain after) {
    switch (after) {
    case GAIN_TANH: return 5.0 / 3;
    case GAIN_RELU: return sqrt(2);
    default: return 1;
    }
}

void init_scale(Tensor *w, double factor) {
    for (size_t i = 0; i < w->size; i++) w->data[i] = (float)(w->data[i] * factor);
}

// The variance of a sum of I independent terms is the sum of theirs: I times that of one. So each weight gets gain² / I.
void init_kaiming(Rng *rng, Tensor *w, double gain) {
    draw_linear(rng, w);
    init_scale(w, gain / sqrt(w->shape[1]));
}
