// dilated.c, your exercise: the same layers as a stack of dilated causal convolutions.
//
// Read dilated.h in 05-wavenet/ first, then op_conv1d.h and the struct Layer in layers.h, both in common/.
#include "dilated.h"
#include "op_conv1d.h"

#include <string.h>

Tensor *dilated_forward(Layers *l, Tape *tape, Tensor *e) {
    Tensor *x = e;                      // (1,T,C)
    int kernel = 1, dilation = 1;       // of the next linear
    for (int i = 0; i < l->count; i++) {
        Layer *layer = &l->layer[i];
        bool flatten = strcmp(layer->kind, "flatten") == 0, linear = strcmp(layer->kind, "linear") == 0;
        (void)tape;
        (void)kernel;
        (void)dilation;
        (void)flatten;
        (void)linear;
        TODO("a flatten: remember what it means for the next linear; a linear: op_conv1d; any other: its own forward, in evaluation mode");
    }
    return x;
}
