// inspect.h of 08-transformer: what a block is made of, and what its parts do to gradients.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"

// Parameters and multiply-adds a character, part by part, on stdout.
void inspect_parts(Shape shape, int V);

typedef struct {
    const char *name;
    // Of what goes into each block, and comes out of the last: its size (root mean square), how much of it depends on what was read, its gradient's size.
    double value[LAYERS_MOST + 1], text[LAYERS_MOST + 1], grad[LAYERS_MOST + 1];
} DepthCurve;

// One batch forward and back: id, target (B,T).
void inspect_depth(Net *net, const int *id, const int *target, int B, int T, DepthCurve *c);
// Prints and draws them, as runs/08-transformer/depth.png.
void inspect_draw_depth(const DepthCurve *c, int count, int layers);

#endif
