// op_cross_entropy.c, from lesson 02: the loss that a language model is trained on.
#include "op_cross_entropy.h"
#include "rows.h"
#include "softmax_rows.h"

typedef struct {
    float *prob;            // (N,V) softmax of the logits
    const int *target;      // (N)
    int ignore, counted;
} Saved;

// loss = mean of -ln p[target], p = softmax(x).   -ln p_t = ln sum_k exp(x_k) - x_t, whose derivative by x_j is p_j - 1[j=t].
static void backward_row(Tensor *loss, int n) {
    const Saved *s = loss->saved;
    if (s->target[n] == s->ignore) return;
    int V = last_of(loss->in[0]);
    const float *p = s->prob + (size_t)n * (size_t)V;
    float *dx = loss->in[0]->grad + (size_t)n * (size_t)V, scale = loss->grad[0] / (float)s->counted;
#pragma omp simd
    for (int j = 0; j < V; j++) dx[j] += scale * p[j];
    dx[s->target[n]] -= scale;
}

static void cross_entropy_backward(Tensor *loss) {
    Tensor *x = loss->in[0];
    if (x->grad) rows_each(loss, rows_of(x), x->size, backward_row);
}

Tensor *op_cross_entropy(Tape *tape, Tensor *logits, const int *target, int ignore_index) {
    int N = rows_of(logits), V = last_of(logits);
    Tensor *loss = tape_tensor(tape, "op_cross_entropy", 0, NULL, cross_entropy_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_copy_ints(tape, target, (size_t)N), ignore_index, 0};
    double *log_sum = arena_alloc(&tape->arena, (size_t)N * sizeof *log_sum), sum = 0;  // (N) ln sum_k exp(x_k)
    softmax_rows(logits->data, N, V, s->prob, log_sum);
    for (int n = 0; n < N; n++) {       // in double, and in order
        if (target[n] == ignore_index) continue;
        CHECK(target[n] >= 0 && target[n] < V, "op_cross_entropy: target[%d] is %d, want 0 to %d", n, target[n], V - 1);
        sum += log_sum[n] - logits->data[(size_t)n * (size_t)V + (size_t)target[n]];
        s->counted++;
    }
    loss->data[0] = (float)(s->counted ? sum / s->counted : 0);
    return loss;
}
