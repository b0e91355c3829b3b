// wrong: an empty row with add = 0 gets 1/rows instead of 1/V, which is right for a square (bigram) table only.
#include "ngram_prob.h"
#include "util.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;  // (V) the counts of this row
        float *p = prob + r * (size_t)V;            // (V) its probabilities
        double sum = V * add;
        for (int c = 0; c < V; c++) sum += n[c];
        for (int c = 0; c < V; c++) {
            if (sum > 0) p[c] = (float)((n[c] + add) / sum);
            else p[c] = (float)(1.0 / (double)rows);
        }
    }
}
