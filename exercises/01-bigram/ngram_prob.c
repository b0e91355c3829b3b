// ngram_prob.c, your exercise: from counts to probabilities.
//
// Read ngram_prob.h in common/ first: it says what goes in and what comes out.
#include "ngram_prob.h"
#include "util.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;  // (V) the counts of this row
        float *p = prob + r * (size_t)V;            // (V) its probabilities
        (void)n;
        (void)p;
        (void)add;
        TODO("make p from n so that it sums to 1, with `add` added to every count");
    }
}
