// op_zloss.c, from lesson 11: a price for large logits.
#include "op_zloss.h"
#include "softmax_rows.h"

// What forward leaves for backward.
typedef struct {
    float *prob;            // (N,E) softmax of the logits: the derivative of z
    double *z;              // (N)
    double scale;           // weight / N
} Saved;

// d (scale z²) / dx_e = scale 2 z p_e
static void zloss_backward(Tensor *loss) {
    const Saved *s = loss->saved;
    Tensor *x = loss->in[0];
    int E = last_of(x);
    for (int n = 0; x->grad && n < rows_of(x); n++) {
        float by = loss->grad[0] * (float)(s->scale * 2 * s->z[n]);
        size_t row = (size_t)n * (size_t)E;
        for (int e = 0; e < E; e++) x->grad[row + (size_t)e] += by * s->prob[row + (size_t)e];
    }
}

Tensor *op_zloss(Tape *tape, Tensor *logits, double weight) {
    int N = rows_of(logits);
    double sum = 0;
    Tensor *loss = tape_tensor(tape, "op_zloss", 0, NULL, zloss_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), arena_alloc(&tape->arena, (size_t)N * sizeof(double)), weight / N};
    softmax_rows(logits->data, N, last_of(logits), s->prob, s->z);
    for (int n = 0; n < N; n++) sum += s->z[n] * s->z[n];
    loss->data[0] = (float)(s->scale * sum);
    return loss;
}
