// ngram.c, from lesson 01: a model that is one table of counts.
#include "ngram.h"
#include "ngram_count.h"
#include "ngram_prob.h"
#include "nll.h"

#include <stdlib.h>
#include <string.h>

size_t ngram_contexts(int order, int V) {
    size_t contexts = 1;
    for (int i = 1; i < order; i++) contexts *= (size_t)V;
    return contexts;
}

size_t ngram_context(const int *id, size_t n, int order, int V, int boundary) {
    size_t from = n > (size_t)order - 1 ? n - (size_t)order + 1 : 0, context = 0;
    for (size_t i = from; i < n; i++)
        context = id[i] == boundary ? 0 : context * (size_t)V + (size_t)id[i];
    return context;
}

Ngram ngram_fit(Stream s, int order, int V, double add) {
    Ngram m = {.order = order, .V = V, .contexts = ngram_contexts(order, V)};
    m.count = xcalloc(m.contexts * (size_t)V, sizeof *m.count);
    m.prob = xmalloc(m.contexts * (size_t)V * sizeof *m.prob);
    ngram_count(s, order, V, m.count);
    ngram_prob(m.count, m.contexts, V, add, m.prob);
    return m;
}

void ngram_free(Ngram *m) {
    free(m->count);
    free(m->prob);
}

double ngram_loss(const Ngram *m, Stream s) {
    CHECK(s.n > 1, "ngram_loss: the stream has %zu ids, want at least 2", s.n);
    float *p = xmalloc((s.n - 1) * sizeof *p);
    for (size_t i = 1; i < s.n; i++)
        p[i - 1] = m->prob[ngram_context(s.id, i, m->order, m->V, s.boundary) * (size_t)m->V + (size_t)s.id[i]];
    double loss = nll(p, s.n - 1);
    free(p);
    return loss;
}

static void next(const Model *m, const int *id, size_t n, float *prob) {
    const Ngram *t = m->self;
    size_t row = ngram_context(id, n, t->order, t->V, m->boundary);
    memcpy(prob, t->prob + row * (size_t)t->V, (size_t)t->V * sizeof *prob);
}

Model ngram_model(Ngram *m, const Vocab *vocab, int boundary) {
    return (Model){.vocab = vocab, .boundary = boundary, .self = m, .next = next};
}
