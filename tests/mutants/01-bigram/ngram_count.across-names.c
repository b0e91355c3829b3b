// expect: contexts reach across names
#include "ngram_count.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    int contexts = 1;                                   // V^(order-1)
    for (int i = 1; i < order; i++) contexts *= V;
    int context = 0;
    for (size_t i = 1; i < s.n; i++) {
        int before = s.id[i - 1];
        context = (context * V + before) % contexts;   // one more at the end, the oldest drops out
        count[context * V + s.id[i]]++;
    }
}
