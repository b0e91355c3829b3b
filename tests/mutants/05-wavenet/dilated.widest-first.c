// expect: the taps are furthest apart at the first level
#include "dilated.h"
#include "op_conv1d.h"

#include <string.h>

Tensor *dilated_forward(Layers *l, Tape *tape, Tensor *e) {
    Tensor *x = e;                      // (1,T,C)
    int kernel = 1, dilation = 1;
    for (int i = 0; i < l->count; i++) dilation *= strcmp(l->layer[i].kind, "flatten") == 0 ? l->layer[i].n : 1;
    for (int i = 0; i < l->count; i++) {
        Layer *layer = &l->layer[i];
        bool flatten = strcmp(layer->kind, "flatten") == 0, linear = strcmp(layer->kind, "linear") == 0;
        if (flatten) dilation /= kernel = layer->n;
        else if (linear) {
            x = op_conv1d(tape, x, layer->w, layer->b, kernel, dilation);
            kernel = 1;
        } else x = layer->forward(layer, tape, x, false);
    }
    return x;
}
