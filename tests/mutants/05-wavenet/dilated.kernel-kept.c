// expect: a linear with no flatten before it has kernel 1
#include "dilated.h"
#include "op_conv1d.h"

#include <string.h>

Tensor *dilated_forward(Layers *l, Tape *tape, Tensor *e) {
    Tensor *x = e;                      // (1,T,C)
    int kernel = 1, dilation = 1;       // of the next linear
    for (int i = 0; i < l->count; i++) {
        Layer *layer = &l->layer[i];
        bool flatten = strcmp(layer->kind, "flatten") == 0, linear = strcmp(layer->kind, "linear") == 0;
        if (flatten) kernel = layer->n;
        else if (linear) {
            x = op_conv1d(tape, x, layer->w, layer->b, kernel, dilation);
            dilation *= kernel;         // what comes out sees this many places: the next level's neighbours are as far apart
        } else x = layer->forward(layer, tape, x, false);
    }
    return x;
}
