// wrong: the context is not reset after a boundary, so with order 3 the last letter of a name leaks into the next name.
#include "ngram_count.h"
#include "util.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    size_t rows = 1;
    for (int k = 1; k < order; k++) rows *= (size_t)V;

    size_t context = 0;
    for (size_t i = 1; i < s.n; i++) {
        // append the previous character, drop the oldest one
        context = (context * (size_t)V + (size_t)s.id[i - 1]) % rows;
        count[context * (size_t)V + (size_t)s.id[i]]++;
    }
}
