// op_onehot.c, from lesson 02: ids as rows of zeros with a single one.
#include "op_onehot.h"

#include <string.h>

Tensor *op_onehot(Tape *tape, const int *id, int N, int V) {
    Tensor *y = tape_tensor(tape, "op_onehot", 2, (int[]){N, V}, NULL, NULL);   // (N,V)
    memset(y->data, 0, y->size * sizeof(float));
    for (int n = 0; n < N; n++) {
        CHECK(id[n] >= 0 && id[n] < V, "op_onehot: id[%d] is %d, want 0 to %d", n, id[n], V - 1);
        y->data[(size_t)n * (size_t)V + (size_t)id[n]] = 1;
    }
    return y;
}
