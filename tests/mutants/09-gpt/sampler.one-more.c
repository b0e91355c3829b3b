// expect: the sum is p exactly, and one more stays
#include "sampler.h"
#include "util.h"

#include <stdlib.h>

typedef struct {
    float prob;
    int id;
} Token;

static int likelier_first(const void *a, const void *b) {
    const Token *x = a, *y = b;
    if (x->prob != y->prob) return x->prob > y->prob ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

// All V tokens, the likeliest first. Free them.
static Token *sorted(const float *prob, int V) {
    Token *token = xmalloc((size_t)V * sizeof *token);
    for (int i = 0; i < V; i++) token[i] = (Token){prob[i], i};
    qsort(token, (size_t)V, sizeof *token, likelier_first);
    return token;
}

void sampler_top_p(float *prob, int V, double p) {
    if (p >= 1) return;
    Token *token = sorted(prob, V);
    double sum = 0;                     // of those before this one
    for (int i = 0; i < V; i++) {
        if (i > 0 && sum > p) prob[token[i].id] = 0;
        sum += token[i].prob;
    }
    free(token);
}

void sampler_min_p(float *prob, int V, double p) {
    float most = 0;
    for (int i = 0; i < V; i++)
        if (prob[i] > most) most = prob[i];
    for (int i = 0; i < V; i++)
        if (prob[i] < p * most) prob[i] = 0;
}

void sampler_top_k(float *prob, int V, int k) {
    if (k <= 0 || k >= V) return;
    Token *token = sorted(prob, V);
    for (int i = k; i < V; i++) prob[token[i].id] = 0;
    free(token);
}

void sampler_normalise(float *prob, int V) {
    double sum = 0;
    for (int i = 0; i < V; i++) sum += prob[i];
    for (int i = 0; i < V; i++) prob[i] = (float)(prob[i] / sum);
}
