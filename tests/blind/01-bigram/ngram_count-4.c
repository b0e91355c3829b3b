// wrong: resets the context after every id 0 and not after s.boundary, so in a running text an ordinary id 0 wipes a trigram's context.
#include "ngram_count.h"
#include "util.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    size_t rows = 1;
    for (int k = 1; k < order; k++) rows *= (size_t)V;

    size_t context = 0;
    for (size_t i = 1; i < s.n; i++) {
        int previous = s.id[i - 1];
        if (previous == 0) {
            context = 0;    // id 0 is the boundary
        } else {
            context = (context * (size_t)V + (size_t)previous) % rows;
        }
        count[context * (size_t)V + (size_t)s.id[i]]++;
    }
}
