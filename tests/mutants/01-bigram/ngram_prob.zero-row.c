// expect: becomes 0/0 = NaN
#include "ngram_prob.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        double sum = 0;
        for (int c = 0; c < V; c++) sum += count[r * V + c] + add;
        for (int c = 0; c < V; c++) {
            prob[r * V + c] = (float)((count[r * V + c] + add) / sum);
        }
    }
}
