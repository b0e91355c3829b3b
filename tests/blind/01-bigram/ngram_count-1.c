// wrong: row and column are swapped, so the table says what came before each character instead of what follows it.
#include "ngram_count.h"
#include "util.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    size_t rows = 1;
    for (int k = 1; k < order; k++) rows *= (size_t)V;

    size_t context = 0;
    for (size_t i = 1; i < s.n; i++) {
        if (s.id[i - 1] == s.boundary) context = 0;
        else context = (context * (size_t)V + (size_t)s.id[i - 1]) % rows;
        count[(size_t)s.id[i] * rows + context]++;
    }
}
