// ngram_count.h, from lesson 01: how often does each character follow each context?
#ifndef NGRAM_COUNT_H
#define NGRAM_COUNT_H

#include "text.h"

#include <stdint.h>

// Adds to count[context*V + c] how often the character c follows the context, for every position of the stream but its
// first (which nothing comes before).
//     count  (V^(order-1), V)   order 2: bigrams, the context is one character; order 3: trigrams, it is two; ...
// A context of characters a, b (b the later one) has the index a*V + b. Where a name begins, right after a boundary,
// the whole context is boundaries: index 0. So no count crosses from one name into the next.
// Before the first character of a running text stand characters of id 0.
void ngram_count(Stream s, int order, int V, uint32_t *count);

#endif
