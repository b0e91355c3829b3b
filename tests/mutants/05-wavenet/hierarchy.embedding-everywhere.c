// expect: after the first level every place is `hidden` numbers wide
#include "hierarchy.h"
#include "first_dim.h"

static const float MOMENTUM = 0.1f;

void hierarchy_build(Layers *l, Params *p, Shape s) {
    int T = s.block, C = s.embedding;
    while (T > 1) {
        layers_flatten(l, s.fuse);                              // (B, T, C) -> (B, T/fuse, fuse*C)
        T /= s.fuse;
        layers_linear(l, p, s.fuse * C, s.hidden, false);       // -> (B, T, hidden)
        if (s.bug) first_dim_add(l, p, T, s.hidden, MOMENTUM);
        else layers_batchnorm(l, p, s.hidden, MOMENTUM);
        layers_tanh(l);
    }
    layers_linear(l, p, s.hidden, s.V, true);                          // (B, C) -> (B, V)
}
