// wrong: backward leaves out the places with id 0 as if they were mere filling, so row 0 never gets a gradient.
// op_embedding.c: a learned vector for every id.
#include "op_embedding.h"

#include <string.h>

// From y->grad, (B,T,C), to w->grad, (V,C): added to (+=), and skipped where it is NULL.
static void embedding_backward(Tensor *y) {
    Tensor *w = y->in[0];
    const int *id = y->saved;               // (N), as forward left them
    int N = rows_of(y), C = last_of(y);     // N = B*T
    if (!w->grad) return;
    for (int n = 0; n < N; n++) {
        if (id[n] == 0) continue;       // the filling before a name
        float *row = w->grad + (size_t)id[n] * C;
        const float *dy = y->grad + (size_t)n * C;
        for (int c = 0; c < C; c++) row[c] += dy[c];
    }
}

Tensor *op_embedding(Tape *tape, Tensor *w, const int *id, int B, int T) {
    CHECK(w->ndim == 2, "op_embedding: w is %s, want (V,C)", shape_text(w));
    int V = w->shape[0], C = w->shape[1], N = B * T;
    for (int n = 0; n < N; n++) CHECK(id[n] >= 0 && id[n] < V, "op_embedding: id[%d] is %d, want 0 to %d", n, id[n], V - 1);
    Tensor *y = tape_tensor(tape, "op_embedding", 3, (int[]){B, T, C}, embedding_backward, (Tensor *[]){w, NULL});  // (B,T,C)
    y->saved = tape_copy_ints(tape, id, (size_t)N);

    for (int n = 0; n < N; n++) memcpy(y->data + (size_t)n * C, w->data + (size_t)id[n] * C, (size_t)C * sizeof(float));

    return y;
}
