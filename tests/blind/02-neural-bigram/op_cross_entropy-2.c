// wrong: backward leaves out what comes in, loss->grad[0], as if the loss were always the last node.
// op_cross_entropy.c, your exercise: the loss that a language model is trained on.
//
// Read op_cross_entropy.h in common/ first.
#include "op_cross_entropy.h"

#include <math.h>

typedef struct {
    float *prob;            // (N,V) softmax of the logits: forward leaves it here for backward
    const int *target;      // (N)
    int ignore, counted;    // the target that does not count, and how many rows do
} Saved;

static void cross_entropy_backward(Tensor *loss) {
    Tensor *x = loss->in[0];
    if (!x->grad) return;
    Saved *s = loss->saved;
    int N = rows_of(x), V = last_of(x);
    for (int n = 0; n < N; n++) {
        if (s->target[n] == s->ignore) continue;
        for (int j = 0; j < V; j++) {
            float d = s->prob[n * V + j] - (j == s->target[n]);
            x->grad[n * V + j] += d / (float)s->counted;
        }
    }
}

Tensor *op_cross_entropy(Tape *tape, Tensor *logits, const int *target, int ignore_index) {
    int N = rows_of(logits), V = last_of(logits);
    Tensor *loss = tape_tensor(tape, "op_cross_entropy", 0, NULL, cross_entropy_backward, (Tensor *[]){logits, NULL});
    Saved *s = loss->saved = arena_alloc(&tape->arena, sizeof *s);
    *s = (Saved){tape_floats(tape, logits->size), tape_copy_ints(tape, target, (size_t)N), ignore_index, 0};

    double sum = 0;
    for (int n = 0; n < N; n++) {
        if (s->target[n] == ignore_index) continue;
        const float *in = logits->data + n * V;
        float *p = s->prob + n * V, m = in[0];
        for (int j = 1; j < V; j++) if (in[j] > m) m = in[j];
        double total = 0;
        for (int j = 0; j < V; j++) total += p[j] = expf(in[j] - m);
        for (int j = 0; j < V; j++) p[j] = (float)(p[j] / total);
        sum += m + log(total) - in[s->target[n]];
        s->counted++;
    }
    loss->data[0] = s->counted ? (float)(sum / s->counted) : 0;

    return loss;
}
