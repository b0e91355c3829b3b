// batchnorm.c, from lesson 04: what a batch normalisation learns, and what it keeps.
#include "batchnorm.h"

#include <stdlib.h>

static Tensor *add(Tensor *declare(Params *, const char *, int, const int *), Params *p, const char *name, const char *part, int C) {
    char *full = xprintf("%s.%s", name, part);
    Tensor *t = declare(p, full, 1, &C);
    free(full);
    return t;
}

BatchNorm batchnorm_add(Params *p, const char *name, int C, float momentum) {
    return (BatchNorm){.gain = add(params_add, p, name, "gain", C), .bias = add(params_add, p, name, "bias", C),
                       .mean = add(params_add_buffer, p, name, "mean", C), .var = add(params_add_buffer, p, name, "var", C),
                       .momentum = momentum, .eps = 1e-5f};
}

static void fill(Tensor *t, float value) {
    for (size_t i = 0; i < t->size; i++) t->data[i] = value;
}

void batchnorm_reset(BatchNorm *bn, float gain) {
    fill(bn->gain, gain);
    fill(bn->bias, 0);
    fill(bn->mean, 0);
    fill(bn->var, 1);
}
