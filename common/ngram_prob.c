// ngram_prob.c, from lesson 01: from counts to probabilities.
#include "ngram_prob.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        const uint32_t *n = count + r * (size_t)V;
        float *p = prob + r * (size_t)V;
        double sum = V * add;
        for (int c = 0; c < V; c++) sum += n[c];
        for (int c = 0; c < V; c++) p[c] = (float)(sum > 0 ? (n[c] + add) / sum : 1.0 / V);
    }
}
