// first_dim.c of 05-wavenet: the lecture's bug, kept for study: batch normalisation over the first dimension only.
#include "first_dim.h"
#include "op_batchnorm.h"
#include "op_reshape.h"

#include <stdlib.h>
#include <string.h>

// w (C) -> y (T*C), w written T times; dw = the sum over the T copies.
static void repeat_backward(Tensor *y) {
    Tensor *w = y->in[0];
    for (size_t i = 0; w->grad && i < y->size; i++) w->grad[i % w->size] += y->grad[i];
}

static Tensor *repeat(Tape *tape, Tensor *w, int T) {
    Tensor *y = tape_tensor(tape, "repeat", 1, (int[]){T * (int)w->size}, repeat_backward, (Tensor *[]){w, NULL});
    for (int t = 0; t < T; t++) memcpy(y->data + (size_t)t * w->size, w->data, w->size * sizeof(float));
    return y;
}

// (B,T,C) seen as (B,T*C): what is normalised by itself is then a place's column.
static Tensor *first_dim(Layer *l, Tape *tape, Tensor *x, bool training) {
    int T = l->n, C = last_of(x), B = rows_of(x) / T;
    BatchNorm wide = l->bn;
    wide.gain = repeat(tape, l->bn.gain, T);
    wide.bias = repeat(tape, l->bn.bias, T);
    Tensor *y = op_batchnorm(tape, op_reshape(tape, x, 2, (int[]){B, T * C}), &wide, training);
    return op_reshape(tape, y, x->ndim, x->shape);
}

static char *part(const Layers *l, const char *name) { return xprintf("%d.%s", l->count, name); }

void first_dim_add(Layers *l, Params *p, int T, int C, float momentum) {
    char *gain = part(l, "gain"), *bias = part(l, "bias"), *mean = part(l, "mean"), *var = part(l, "var");
    Layer *new = layers_add(l, "batchnorm bug", first_dim);
    new->n = T;
    new->bn = (BatchNorm){.gain = params_add(p, gain, 1, &C), .bias = params_add(p, bias, 1, &C),
                          .mean = params_add_buffer(p, mean, 1, (int[]){T * C}), .var = params_add_buffer(p, var, 1, (int[]){T * C}),
                          .momentum = momentum, .eps = 1e-5f};
    free(gain);
    free(bias);
    free(mean);
    free(var);
}
