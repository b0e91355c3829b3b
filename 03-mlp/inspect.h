// inspect.h of 03-mlp: the map of letters, and the learning rates.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"

// The embeddings in two dimensions, as DIR/letters.png: their own two where there are two, else the two directions in which they
// vary most (principal components); and each letter's nearest others.
void inspect_embeddings(const Net *net, const Vocab *vocab, const char *dir);
// Loss against learning rate, on the terminal and as runs/03-mlp/rates.png.
void inspect_rates(const double *rate, const double *loss, int n, double best);
// The table and picture (runs/03-mlp/sizes.png) of validation losses: loss[e][b] for embedding[e] and block[b].
void inspect_sizes(const int *block, int blocks, const int *embedding, int embeddings, const double *loss);

#endif
