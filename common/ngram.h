// ngram.h, from lesson 01: a model that is one table of counts.
#ifndef NGRAM_H
#define NGRAM_H

#include "model.h"

#include <stdint.h>

typedef struct {
    int order, V;           // order 2: bigram, 3: trigram, ...
    size_t contexts;        // V^(order-1)
    uint32_t *count;        // (contexts, V)
    float *prob;            // (contexts, V)
} Ngram;

// V^(order-1): how many contexts there are.
size_t ngram_contexts(int order, int V);
// The index of the context that position n of id[] has: its last order-1 ids, but none from before a boundary.
size_t ngram_context(const int *id, size_t n, int order, int V, int boundary);

// Counts the stream and makes probabilities, with `add` added to every count. Owns its tables: ngram_free.
Ngram ngram_fit(Stream s, int order, int V, double add);
void ngram_free(Ngram *m);
// The loss on a stream, in nats per character.
double ngram_loss(const Ngram *m, Stream s);
// The model's face: vocab must live as long.
Model ngram_model(Ngram *m, const Vocab *vocab, int boundary);

#endif
