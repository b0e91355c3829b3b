// wrong: the weights are divided by the number of inputs, not by its root.
// init.c, your exercise: how large the first weights should be.
//
// Read init.h in common/ first, and draw.h.
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
    for (size_t i = 0; i < w->size; i++) w->data[i] *= factor;
}

void init_kaiming(Rng *rng, Tensor *w, double gain) {
    draw_linear(rng, w);
    init_scale(w, gain / w->shape[1]);
}
