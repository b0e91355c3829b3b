// expect: each level is computed once a place, not once a window
#include "dilated.h"

#include <string.h>

Tensor *dilated_forward(Layers *l, Tape *tape, Tensor *e) {
    int block = 1, T = e->shape[1], C = e->shape[2];
    for (int i = 0; i < l->count; i++)
        if (strcmp(l->layer[i].kind, "flatten") == 0) block *= l->layer[i].n;
    int V = l->layer[l->count - 1].w->shape[0];
    Tensor *y = tape_tensor(tape, "windows", 3, (int[]){1, T, V}, NULL, NULL);
    for (int t = block - 1; t < T; t++) {
        Tensor *window = tape_values(tape, "window", 3, (int[]){1, block, C}, e->data + (t - block + 1) * C);
        memcpy(y->data + t * V, layers_forward(l, tape, window, false)->data, V * sizeof(float));
    }
    return y;
}
