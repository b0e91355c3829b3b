// hierarchy.c of 05-wavenet: the tree: neighbours are joined, then neighbours of those, until one vector is left.
#include "hierarchy.h"
#include "first_dim.h"

static const float MOMENTUM = 0.1f;

void hierarchy_build(Layers *l, Params *p, Shape s) {
    int C = s.embedding;
    for (int T = s.block; T > 1; T /= s.fuse) {                 // here: (B, T, C)
        layers_flatten(l, s.fuse);                              // (B, T/fuse, fuse*C)
        layers_linear(l, p, s.fuse * C, s.hidden, false);       // (B, T/fuse, hidden)
        if (s.bug) first_dim_add(l, p, T / s.fuse, s.hidden, MOMENTUM);
        else layers_batchnorm(l, p, s.hidden, MOMENTUM);
        layers_tanh(l);
        C = s.hidden;
    }
    layers_linear(l, p, C, s.V, true);                          // (B, V)
}
