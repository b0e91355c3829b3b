// expect: the sum below the line lacks the smoothing
#include "ngram_prob.h"

void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob) {
    for (size_t r = 0; r < rows; r++) {
        double sum = 0;
        for (int c = 0; c < V; c++) sum += count[r * V + c] ;
        for (int c = 0; c < V; c++) {
            if (sum == 0) prob[r * V + c] = 1.0f / V;
            else prob[r * V + c] = (float)((count[r * V + c] + add) / sum);
        }
    }
}
