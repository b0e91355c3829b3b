// expect: the columns sum to 1, not the rows
#include "ngram_prob.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (int c = 0; c < V; c++) {
        double sum = 0;
        for (size_t r = 0; r < rows; r++) sum += count[r * V + c] + add;
        for (size_t r = 0; r < rows; r++) {
            if (sum == 0) prob[r * V + c] = 1.0f / V;
            else prob[r * V + c] = (float)((count[r * V + c] + add) / sum);
        }
    }
}
