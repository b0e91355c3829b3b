// wrong: tanh comes before the normalisation instead of after it.
// hierarchy.c, your exercise: the tree: neighbours are joined, then neighbours of those, until one vector is left.
//
// Read hierarchy.h in 05-wavenet/ first, then layers.h in common/ and first_dim.h in 05-wavenet/.
#include "hierarchy.h"
#include "first_dim.h"

static const float MOMENTUM = 0.1f;

void hierarchy_build(Layers *l, Params *p, Shape s) {
    // layers_flatten, layers_linear, layers_batchnorm, layers_tanh and first_dim_add each add a layer at the end.
    int T = s.block, width = s.embedding;
    while (T > 1) {
        T /= s.fuse;
        layers_flatten(l, s.fuse);
        layers_linear(l, p, s.fuse * width, s.hidden, false);
        layers_tanh(l);
        if (s.bug) first_dim_add(l, p, T, s.hidden, MOMENTUM);
        else layers_batchnorm(l, p, s.hidden, MOMENTUM);
        width = s.hidden;
    }
    layers_linear(l, p, width, s.V, true);
}
