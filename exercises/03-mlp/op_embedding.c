// op_embedding.c, your exercise: a learned vector for every id.
//
// Read op_embedding.h in common/ first.
#include "op_embedding.h"

// From y->grad, (B,T,C), to w->grad, (V,C): added to (+=), and skipped where it is NULL.
static void embedding_backward(Tensor *y) {
    Tensor *w = y->in[0];
    const int *id = y->saved;               // (N), as forward left them
    int N = rows_of(y), C = last_of(y);     // N = B*T
    (void)w;
    (void)id;
    (void)N;
    (void)C;
    TODO("add every row of y->grad to the row of w->grad whose copy it belongs to");
}

Tensor *op_embedding(Tape *tape, Tensor *w, const int *id, int B, int T) {
    CHECK(w->ndim == 2, "op_embedding: w is %s, want (V,C)", shape_text(w));
    int V = w->shape[0], C = w->shape[1], N = B * T;
    for (int n = 0; n < N; n++) CHECK(id[n] >= 0 && id[n] < V, "op_embedding: id[%d] is %d, want 0 to %d", n, id[n], V - 1);
    Tensor *y = tape_tensor(tape, "op_embedding", 3, (int[]){B, T, C}, embedding_backward, (Tensor *[]){w, NULL});  // (B,T,C)
    y->saved = tape_copy_ints(tape, id, (size_t)N);

    TODO("copy row id[n] of w to row n of y, for n = 0 .. N-1");

    return y;
}
