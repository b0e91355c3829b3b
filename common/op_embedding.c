// op_embedding.c, from lesson 03: a learned vector for every id.
#include "op_embedding.h"

#include <string.h>

// Row v of w was copied to every place whose id is v, so dw[v] is the sum of dy over those places.
static void embedding_backward(Tensor *y) {
    Tensor *w = y->in[0];
    if (!w->grad) return;
    const int *id = y->saved;           // (B*T)
    int N = rows_of(y), C = last_of(y);
    for (int n = 0; n < N; n++) {
        const float *dy = y->grad + (size_t)n * (size_t)C;
        float *dw = w->grad + (size_t)id[n] * (size_t)C;
#pragma omp simd
        for (int c = 0; c < C; c++) dw[c] += dy[c];
    }
}

Tensor *op_embedding(Tape *tape, Tensor *w, const int *id, int B, int T) {
    CHECK(w->ndim == 2, "op_embedding: w is %s, want (V,C)", shape_text(w));
    int V = w->shape[0], C = w->shape[1], N = B * T;
    Tensor *y = tape_tensor(tape, "op_embedding", 3, (int[]){B, T, C}, embedding_backward, (Tensor *[]){w, NULL});  // (B,T,C)
    y->saved = tape_copy_ints(tape, id, (size_t)N);
    for (int n = 0; n < N; n++) {
        CHECK(id[n] >= 0 && id[n] < V, "op_embedding: id[%d] is %d, want 0 to %d", n, id[n], V - 1);
        memcpy(y->data + (size_t)n * (size_t)C, w->data + (size_t)id[n] * (size_t)C, (size_t)C * sizeof(float));
    }
    return y;
}
