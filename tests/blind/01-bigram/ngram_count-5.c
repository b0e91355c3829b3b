// wrong: knows contexts of one and of two characters only, so order 4 and above are counted as if they were order 3.
#include "ngram_count.h"
#include "util.h"

void ngram_count(Stream s, int order, int V, uint32_t *count) {
    for (size_t i = 1; i < s.n; i++) {
        int b = s.id[i - 1];                    // the character before
        int a = i >= 2 ? s.id[i - 2] : 0;       // the one before that
        int context = b;
        if (order > 2) context = a * V + b;
        if (b == s.boundary) context = 0;
        count[(size_t)context * (size_t)V + (size_t)s.id[i]]++;
    }
}
