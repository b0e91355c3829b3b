// wrong: smoothing is given only to the pairs that were never seen; the header adds `add` to every count.
#include "ngram_prob.h"
#include "util.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;  // (V) the counts of this row
        float *p = prob + r * (size_t)V;            // (V) its probabilities
        double sum = 0;
        for (int c = 0; c < V; c++) sum += n[c] > 0 ? n[c] : add;
        for (int c = 0; c < V; c++) {
            double m = n[c] > 0 ? n[c] : add;       // a zero means "not seen": repair it
            p[c] = sum > 0 ? (float)(m / sum) : 1.0f / (float)V;
        }
    }
}
