// init_uniform.c, from lesson 06: weights that begin as in PyTorch.
#include "init_uniform.h"

#include <math.h>

void init_uniform(Rng *rng, float *data, size_t n, int inputs) {
    float most = 1 / sqrtf((float)inputs);
    rng_uniforms(rng, data, n);
    for (size_t i = 0; i < n; i++) data[i] = most * (2 * data[i] - 1);
}
