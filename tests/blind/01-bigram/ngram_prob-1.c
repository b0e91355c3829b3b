// wrong: the sum is not set back to 0 for each row, so every row after the first is divided by too much.
#include "ngram_prob.h"
#include "util.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    double sum = 0;
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;  // (V) the counts of this row
        float *p = prob + r * (size_t)V;            // (V) its probabilities
        for (int c = 0; c < V; c++) sum += n[c] + add;
        for (int c = 0; c < V; c++) {
            if (sum > 0) p[c] = (float)((n[c] + add) / sum);
            else p[c] = 1.0f / (float)V;
        }
    }
}
