// wrong: top-p drops by the probability of the last token kept, so all that are as likely as that one stay, not only those of the smaller ids; shows only where equally likely tokens lie across the border.
// sampler.c, your exercise: what is too unlikely to be picked.
//
// Read sampler.h in common/ first.
#include "sampler.h"
#include "util.h"

#include <stdlib.h>

typedef struct {
    float prob;
    int id;
} Token;

// For qsort: below 0 if x comes before y, above 0 if y comes before x.
static int likelier_first(const void *a, const void *b) {
    const Token *x = a, *y = b;
    if (x->prob != y->prob) return x->prob > y->prob ? -1 : 1;
    return x->id - y->id;
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
    double sum = token[0].prob;
    int kept = 1;
    while (kept < V && sum < p) sum += token[kept++].prob;
    float least = token[kept - 1].prob;
    for (int i = 0; i < V; i++)
        if (prob[i] < least) prob[i] = 0;
    free(token);
}

void sampler_min_p(float *prob, int V, double p) {
    int best = 0;
    for (int i = 1; i < V; i++)
        if (prob[i] > prob[best]) best = i;
    double least = p * prob[best];
    for (int i = 0; i < V; i++)
        if (i != best && prob[i] < least) prob[i] = 0;
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
