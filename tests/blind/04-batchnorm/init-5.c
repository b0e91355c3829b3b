// wrong: init_scale takes w for a matrix or a vector: of a tensor with three or more dimensions only the first part is multiplied.
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
    int O = w->shape[0], I = w->ndim > 1 ? w->shape[1] : 1;
    for (int o = 0; o < O; o++)
        for (int i = 0; i < I; i++) w->data[(size_t)o * I + i] *= factor;
}

void init_kaiming(Rng *rng, Tensor *w, double gain) {
    draw_linear(rng, w);
    init_scale(w, gain / sqrt(w->shape[1]));
}
