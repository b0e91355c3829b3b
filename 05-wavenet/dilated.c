// dilated.c of 05-wavenet: the same layers as a stack of dilated causal convolutions.
#include "dilated.h"
#include "op_conv1d.h"

#include <string.h>

Tensor *dilated_forward(Layers *l, Tape *tape, Tensor *e) {
    Tensor *x = e;
    int kernel = 1, dilation = 1;
    for (int i = 0; i < l->count; i++) {
        Layer *layer = &l->layer[i];
        if (strcmp(layer->kind, "flatten") == 0) {
            kernel = layer->n;
        } else if (strcmp(layer->kind, "linear") == 0) {
            x = op_conv1d(tape, x, layer->w, layer->b, kernel, dilation);
            dilation *= kernel;
            kernel = 1;
        } else {
            x = layer->forward(layer, tape, x, false);
        }
    }
    return x;
}
