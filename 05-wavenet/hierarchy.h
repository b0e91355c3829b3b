// hierarchy.h of 05-wavenet: the tree: neighbours are joined, then neighbours of those, until one vector is left.
#ifndef HIERARCHY_H
#define HIERARCHY_H

#include "layers.h"

typedef struct {
    int V, block;           // vocabulary; characters of context
    int fuse;               // how many neighbours become one at each level; block is a power of it
    int embedding, hidden;  // numbers per character, units in every hidden layer
    bool bug;               // first_dim.h in place of batch normalisation
} Shape;

// The layers from embedded windows (B, block, embedding) to logits (B, V), declared in p. At each level: flatten `fuse` neighbours,
// linear without bias, batch normalisation with momentum 0.1, tanh. After the last level, a linear with bias.
void hierarchy_build(Layers *l, Params *p, Shape s);

#endif
