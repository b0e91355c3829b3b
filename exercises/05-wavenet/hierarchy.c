// hierarchy.c, your exercise: the tree: neighbours are joined, then neighbours of those, until one vector is left.
//
// Read hierarchy.h in 05-wavenet/ first, then layers.h in common/ and first_dim.h in 05-wavenet/.
#include "hierarchy.h"
#include "first_dim.h"

static const float MOMENTUM = 0.1f;

void hierarchy_build(Layers *l, Params *p, Shape s) {
    // layers_flatten, layers_linear, layers_batchnorm, layers_tanh and first_dim_add each add a layer at the end.
    (void)l;
    (void)p;
    (void)s;
    (void)MOMENTUM;
    TODO("level after level, from (B,block,embedding) to one vector a window; then the linear to (B,V)");
}
