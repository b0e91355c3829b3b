// sampler.c, from lesson 09: what is too unlikely to be picked.
#include "sampler.h"
#include "util.h"

#include <stdlib.h>

typedef struct {
    float prob;
    int id;
} Token;

static int likelier_first(const void *a, const void *b) {
    const Token *x = a, *y = b;
    return x->prob != y->prob ? (x->prob < y->prob) - (x->prob > y->prob) : (x->id > y->id) - (x->id < y->id);
}

// The tokens of at least `least`, the likeliest first. Free them. *count: how many.
static Token *sorted(const float *prob, int V, float least, int *count) {
    Token *token = xmalloc((size_t)V * sizeof *token);
    int n = 0;
    for (int i = 0; i < V; i++)
        if (prob[i] > 0 && prob[i] >= least) token[n++] = (Token){prob[i], i};
    qsort(token, (size_t)n, sizeof *token, likelier_first);
    *count = n;
    return token;
}

// Zeroes all but the first `kept` of the sorted tokens.
static void keep(float *prob, int V, const Token *token, int kept) {
    for (int i = 0; i < V; i++) prob[i] = 0;
    for (int i = 0; i < kept; i++) prob[token[i].id] = token[i].prob;
}

void sampler_top_p(float *prob, int V, double p) {
    if (p >= 1) return;
    int count, kept = 0;
    // V tokens below (1 - p) / V sum to less than 1 - p: the others reach p without them, and need not be sorted among them
    Token *token = sorted(prob, V, (float)((1 - p) / V) * 0.999f, &count);
    for (double sum = 0; kept < count && (kept == 0 || sum < p); kept++) sum += token[kept].prob;
    keep(prob, V, token, kept);
    free(token);
}

void sampler_min_p(float *prob, int V, double p) {
    float most = 0;
    for (int i = 0; i < V; i++) most = prob[i] > most ? prob[i] : most;
    for (int i = 0; i < V; i++)
        if (prob[i] < p * most) prob[i] = 0;
}

void sampler_top_k(float *prob, int V, int k) {
    if (k <= 0 || k >= V) return;
    int count;
    Token *token = sorted(prob, V, 0, &count);
    keep(prob, V, token, min_int(k, count));
    free(token);
}

void sampler_normalise(float *prob, int V) {
    double sum = 0;
    for (int i = 0; i < V; i++) sum += prob[i];
    for (int i = 0; i < V; i++) prob[i] = (float)(prob[i] / sum);
}
