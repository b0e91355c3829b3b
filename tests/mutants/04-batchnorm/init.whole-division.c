// expect: 5 / 3 of two ints is 1
#include "init.h"
#include "draw.h"

#include <math.h>

double init_gain(Gain after) {
    if (after == GAIN_TANH) return 5 / 3;
    if (after == GAIN_RELU) return sqrt(2);
    return 1;
}

void init_scale(Tensor *w, double factor) {
    for (size_t i = 0; i < w->size; i++) w->data[i] *= factor;
}

// Each output is a sum of I terms, so its variance is I times that of one.
void init_kaiming(Rng *rng, Tensor *w, double gain) {
    int I = w->shape[1];
    draw_linear(rng, w);
    init_scale(w, gain / sqrt(I));
}
