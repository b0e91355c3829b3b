// inspect.h of 08-transformer: what a block is made of, and what its parts do to gradients.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"

// Parameters and multiply-adds a character, part by part, on stdout.
void inspect_parts(Shape shape, int V);

typedef struct {
    const char *name;
    double loss, value[LAYERS_MOST + 1], grad[LAYERS_MOST + 1];      // of what goes into each block, and comes out of the last: root mean squares
} DepthCurve;

// One batch forward and back: id, target (B,T).
void inspect_depth(Net *net, const int *id, const int *target, int B, int T, DepthCurve *c);
// Prints and draws them, as runs/08-transformer/depth.png.
void inspect_draw_depth(const DepthCurve *c, int count, int layers);

#endif
