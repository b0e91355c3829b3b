// wrong: `add` is added once below the line instead of V times, so smoothed rows sum to more than 1.
#include "ngram_prob.h"
#include "util.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;  // (V) the counts of this row
        float *p = prob + r * (size_t)V;            // (V) its probabilities
        double sum = 0;
        for (int c = 0; c < V; c++) sum += n[c];
        if (sum == 0) {
            for (int c = 0; c < V; c++) p[c] = 1.0f / (float)V;
            continue;
        }
        for (int c = 0; c < V; c++) p[c] = (float)((n[c] + add) / (sum + add));
    }
}
