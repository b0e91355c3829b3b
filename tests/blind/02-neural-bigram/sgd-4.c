// wrong: takes every parameter for a matrix of shape[0] x shape[1]: a bias (one dimension) is not moved, and of more dimensions only a part.
// sgd.c, your exercise: a step downhill.
//
// Read sgd.h in common/ first, and the struct Params in params.h.
#include "sgd.h"

void sgd(Params *p, float lr) {
    for (int k = 0; k < p->count; k++) {
        Tensor *t = p->param[k];
        int rows = t->shape[0], columns = t->shape[1];
        for (int r = 0; r < rows; r++)
            for (int c = 0; c < columns; c++) t->data[r * columns + c] -= lr * t->grad[r * columns + c];
    }
}
