// wrong: the sum of a row is kept in uint32_t like the counts, so it wraps around when large counts add up to 2^32 or more.
#include "ngram_prob.h"
#include "util.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;  // (V) the counts of this row
        float *p = prob + r * (size_t)V;            // (V) its probabilities
        uint32_t sum = 0;
        for (int c = 0; c < V; c++) sum += n[c];
        double below = sum + V * add;
        for (int c = 0; c < V; c++) {
            if (below > 0) p[c] = (float)((n[c] + add) / below);
            else p[c] = (float)(1.0 / V);
        }
    }
}
