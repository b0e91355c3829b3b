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
    (void)x;
    (void)y;
    TODO("the likelier one comes first; of two that are equally likely, that of the smaller id");
    return 0;
}

// All V tokens, the likeliest first. Free them.
static Token *sorted(const float *prob, int V) {
    Token *token = xmalloc((size_t)V * sizeof *token);
    for (int i = 0; i < V; i++) token[i] = (Token){prob[i], i};
    qsort(token, (size_t)V, sizeof *token, likelier_first);
    return token;
}

void sampler_top_p(float *prob, int V, double p) {
    Token *token = sorted(prob, V);
    (void)p;
    TODO("0 for all but the fewest of the likeliest that sum to p or more");
    free(token);
}

void sampler_min_p(float *prob, int V, double p) {
    (void)prob;
    (void)V;
    (void)p;
    TODO("0 for all that are less than p times as likely as the likeliest (extra: without it, take this line out)");
}

void sampler_top_k(float *prob, int V, int k) {
    Token *token = sorted(prob, V);
    (void)k;
    TODO("0 for all but the k likeliest (extra: without it, take this line out)");
    free(token);
}

void sampler_normalise(float *prob, int V) {
    (void)prob;
    (void)V;
    TODO("divide by their sum");
}
