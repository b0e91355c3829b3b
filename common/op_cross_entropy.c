// op_cross_entropy.c, from lesson 02: the loss that a language model is trained on.
#include "op_cross_entropy.h"
#include "vecmath.h"

#include <math.h>

typedef struct {
    float *prob;            // (N,V) softmax of the logits
    const int *target;      // (N)
    int ignore, counted;
} Saved;

// loss = mean of -ln p[target], p = softmax(x).   -ln p_t = ln sum_k exp(x_k) - x_t, whose derivative by x_j is p_j - 1[j=t].
static void cross_entropy_backward(Tensor *loss) {
    Tensor *x = loss->in[0];
    if (!x->grad) return;
    Saved *s = loss->saved;
    int N = rows_of(x), V = last_of(x);
    float scale = loss->grad[0] / (float)(s->counted ? s->counted : 1);
#pragma omp parallel for if (x->size > 65536)
    for (int n = 0; n < N; n++) {
        if (s->target[n] == s->ignore) continue;
        const float *p = s->prob + (size_t)n * (size_t)V;
        float *dx = x->grad + (size_t)n * (size_t)V;
#pragma omp simd
        for (int j = 0; j < V; j++) dx[j] += scale * p[j];
        dx[s->target[n]] -= scale;
    }
}

// -ln of the probability that the softmax of x[0..V) gives to `target`; the softmax goes to p unless p is NULL.
static double row_loss(const float *x, int V, int target, float *p) {
    float most = x[0], sum = 0;
    for (int j = 1; j < V; j++) most = x[j] > most ? x[j] : most;
    if (!p) {
#pragma omp simd reduction(+ : sum)
        for (int j = 0; j < V; j++) sum += vec_exp(x[j] - most);
        return log((double)sum) + most - x[target];
    }
#pragma omp simd reduction(+ : sum)
    for (int j = 0; j < V; j++) sum += p[j] = vec_exp(x[j] - most);
#pragma omp simd
    for (int j = 0; j < V; j++) p[j] /= sum;
    return log((double)sum) + most - x[target];
}

Tensor *op_cross_entropy(Tape *tape, Tensor *logits, const int *target, int ignore_index) {
    int N = rows_of(logits), V = last_of(logits);
    Tensor *loss = tape_tensor(tape, "op_cross_entropy", 0, NULL, cross_entropy_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){.target = tape_copy_ints(tape, target, (size_t)N), .ignore = ignore_index};
    if (loss->wants_grad) s->prob = tape_floats(tape, logits->size);
    double *row = arena_alloc(&tape->arena, (size_t)N * sizeof *row), sum = 0;
    for (int n = 0; n < N; n++) {
        CHECK(target[n] == ignore_index || (target[n] >= 0 && target[n] < V),
              "op_cross_entropy: target[%d] is %d, want 0 to %d", n, target[n], V - 1);
        s->counted += target[n] != ignore_index;
    }
#pragma omp parallel for if (logits->size > 65536)
    for (int n = 0; n < N; n++) {
        size_t at = (size_t)n * (size_t)V;
        row[n] = target[n] == ignore_index ? 0 : row_loss(logits->data + at, V, target[n], s->prob ? s->prob + at : NULL);
    }
    for (int n = 0; n < N; n++) sum += row[n];      // in double, and in order
    loss->data[0] = (float)(sum / (s->counted ? s->counted : 1));
    return loss;
}
