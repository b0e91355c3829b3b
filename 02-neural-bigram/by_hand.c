// by_hand.c of 02-neural-bigram: stage 2a, training without a tape.
#include "by_hand.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// p = softmax of one row of logits.
static void softmax(const float *logit, int V, float *p) {
    float most = logit[0];
    double sum = 0;
    for (int j = 1; j < V; j++) most = fmaxf(most, logit[j]);
    for (int j = 0; j < V; j++) sum += p[j] = expf(logit[j] - most);
    for (int j = 0; j < V; j++) p[j] = (float)(p[j] / sum);
}

// The loss, and its gradient by w. For one pair (a, b) the loss is -ln p[b], and its derivative by logit j is p[j] - 1[j=b];
// the logits are row a of w, so that is also the derivative by w[a][j].
static double gradient(Stream s, int V, const float *w, float penalty, float *p, double *dw) {
    size_t N = s.n - 1;
    double loss = 0;
    memset(dw, 0, (size_t)(V * V) * sizeof *dw);
    for (int a = 0; a < V; a++) softmax(w + a * V, V, p + a * V);
    for (size_t i = 1; i < s.n; i++) {
        int a = s.id[i - 1], b = s.id[i];
        loss -= log(p[a * V + b]);
        for (int j = 0; j < V; j++) dw[a * V + j] += p[a * V + j];
        dw[a * V + b] -= 1;
    }
    double squares = 0;
    for (int i = 0; i < V * V; i++) {
        squares += (double)w[i] * w[i];
        dw[i] = dw[i] / (double)N + 2.0 * penalty * w[i] / (V * V);
    }
    return loss / (double)N + penalty * squares / (V * V);
}

void by_hand_train(Stream s, int V, float *w, int steps, float lr, float penalty,
                   void (*report)(void *ctx, int step, double loss), void *ctx) {
    float *p = xmalloc((size_t)(V * V) * sizeof *p);        // (V,V) softmax of every row of w
    double *dw = xmalloc((size_t)(V * V) * sizeof *dw);     // (V,V)
    for (int step = 0; step < steps; step++) {
        double loss = gradient(s, V, w, penalty, p, dw);
        report(ctx, step, loss);
        for (int i = 0; i < V * V; i++) w[i] -= (float)(lr * dw[i]);
    }
    free(p);
    free(dw);
}
