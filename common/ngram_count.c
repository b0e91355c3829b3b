// ngram_count.c, from lesson 01: how often does each character follow each context?
#include "ngram_count.h"
#include "ngram.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    size_t contexts = ngram_contexts(order, V), context = 0;
    for (size_t i = 1; i < s.n; i++) {
        int previous = s.id[i - 1];
        context = previous == s.boundary ? 0 : (context * (size_t)V + (size_t)previous) % contexts;
        count[context * (size_t)V + (size_t)s.id[i]]++;
    }
}
