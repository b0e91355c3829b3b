// wrong: the boundary is taken for a mere separator, so the ends of names (pairs like "a.") are not counted.
#include "ngram_count.h"
#include "util.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    size_t rows = 1;
    for (int k = 1; k < order; k++) rows *= (size_t)V;

    size_t context = 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.id[i] == s.boundary) continue;            // the name is over, nothing follows
        if (s.id[i - 1] == s.boundary) context = 0;     // a new name begins
        else context = (context * (size_t)V + (size_t)s.id[i - 1]) % rows;
        count[context * (size_t)V + (size_t)s.id[i]]++;
    }
}
