// draw.c, from lesson 03: weights at random.
#include "draw.h"

#include <stdlib.h>

void draw_normal(Rng *rng, Tensor *w) { rng_normal(rng, w->data, w->size); }

void draw_linear(Rng *rng, Tensor *w) {
    CHECK(w->ndim == 2, "draw_linear: w is %s, want (O,I)", shape_text(w));
    size_t O = (size_t)w->shape[0], I = (size_t)w->shape[1];
    float *drawn = xmalloc(w->size * sizeof *drawn);
    rng_normal(rng, drawn, w->size);
    for (size_t i = 0; i < I; i++)
        for (size_t o = 0; o < O; o++) w->data[o * I + i] = drawn[i * O + o];
    free(drawn);
}
