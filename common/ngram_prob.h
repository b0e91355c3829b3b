// ngram_prob.h, from lesson 01: from counts to probabilities.
#ifndef NGRAM_PROB_H
#define NGRAM_PROB_H

#include <stddef.h>
#include <stdint.h>

// prob[r*V + c] = (count[r*V + c] + add) / (sum of row r of count + V*add): every row sums to 1.
// `add` > 0 is Laplace's smoothing: as if every pair had been seen `add` times more. A row without any count and with
// add = 0 says nothing, so its probabilities are all 1/V.
//     count (rows, V)   prob (rows, V)
void ngram_prob(const uint32_t *count, size_t rows, int V, double add, float *prob);

#endif
