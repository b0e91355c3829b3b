// expect: y holds w[id + c]
#include "op_embedding.h"

// dw[v] = sum of dy[n] over the places n whose id is v
static void embedding_backward(Tensor *y) {
    Tensor *w = y->in[0];
    if (!w->grad) return;
    const int *id = y->saved;               // (N)
    int N = rows_of(y), C = last_of(y);     // N = B*T
    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++) w->grad[id[n] * C + c] += y->grad[n * C + c];
}

Tensor *op_embedding(Tape *tape, Tensor *w, const int *id, int B, int T) {
    CHECK(w->ndim == 2, "op_embedding: w is %s, want (V,C)", shape_text(w));
    int V = w->shape[0], C = w->shape[1], N = B * T;
    for (int n = 0; n < N; n++) CHECK(id[n] >= 0 && id[n] < V, "op_embedding: id[%d] is %d, want 0 to %d", n, id[n], V - 1);
    Tensor *y = tape_tensor(tape, "op_embedding", 3, (int[]){B, T, C}, embedding_backward, (Tensor *[]){w, NULL});  // (B,T,C)
    y->saved = tape_copy_ints(tape, id, N);

    for (int n = 0; n < N; n++)
        for (int c = 0; c < C; c++) y->data[n * C + c] = w->data[id[n] + c];
    return y;
}
