// expect: still counted in the mean
#include "op_cross_entropy.h"

#include <math.h>

typedef struct {
    float *prob;            // (N,V) softmax of the logits
    const int *target;      // (N)
    int ignore, counted;
} Saved;

// d loss / d logits = (p - onehot(target)) / how many rows count
static void cross_entropy_backward(Tensor *loss) {
    Tensor *x = loss->in[0];
    if (!x->grad) return;
    Saved *s = loss->saved;
    int N = rows_of(x), V = last_of(x);
    if (s->counted == 0) return;
    float scale = loss->grad[0] / s->counted;
    for (int n = 0; n < N; n++) {
        if (s->target[n] == s->ignore) continue;
        for (int j = 0; j < V; j++) x->grad[n * V + j] += scale * s->prob[n * V + j];
        x->grad[n * V + s->target[n]] -= scale;
    }
}

Tensor *op_cross_entropy(Tape *tape, Tensor *logits, const int *target, int ignore_index) {
    int N = rows_of(logits), V = last_of(logits);
    Tensor *loss = tape_tensor(tape, "op_cross_entropy", 0, NULL, cross_entropy_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_copy_ints(tape, target, N), ignore_index, 0};

    double sum = 0;
    for (int n = 0; n < N; n++) {
        const float *x = logits->data + n * V;
        float *p = s->prob + n * V;
        s->counted++;
        if (target[n] == ignore_index) continue;
        float most = x[0];
        double total = 0;
        for (int j = 1; j < V; j++) most = fmaxf(most, x[j]);
        for (int j = 0; j < V; j++) total += p[j] = expf(x[j] - most);
        for (int j = 0; j < V; j++) p[j] /= total;
        sum += log(total) + most - x[target[n]];        // = -ln p[target], also where p would round to 0
    }
    loss->data[0] = s->counted ? (float)(sum / s->counted) : 0;
    return loss;
}
