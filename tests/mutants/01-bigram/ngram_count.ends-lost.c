// expect: no pair that ends in '.' is counted
#include "ngram_count.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    int contexts = 1;                                   // V^(order-1)
    for (int i = 1; i < order; i++) contexts *= V;
    int context = 0;
    for (size_t i = 1; i < s.n; i++) {
        int before = s.id[i - 1];
        if (before == s.boundary) context = 0;          // a name begins: nothing before it counts
        else context = (context * V + before) % contexts;   // one more at the end, the oldest drops out
        if (s.id[i] != 0) count[context * V + s.id[i]]++;
    }
}
