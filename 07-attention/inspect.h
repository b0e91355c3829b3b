// inspect.h of 07-attention: what attention does, in figures and pictures.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"

// The mean of all vectors up to each place, of the model's own for id[0..n): by loops, as a product with a triangle, and as a softmax
// of masked zeros; prints how far apart the three are.
void inspect_averages(const Net *net, const int *id, int n);
// How large the products of queries and keys are, with and without the division by sqrt(HS), of random vectors and of the model's.
void inspect_scale(const Net *net, Stream text);
// How much of each head's weight goes to the place itself, to the one before it, and so on.
void inspect_distances(const Net *net, Stream text);
// Every head's weights for id[0..n) as a map with the characters on both axes: heads.png in dir, and on stdout.
void inspect_maps(const Net *net, const Vocab *vocab, const int *id, int n, const char *dir);
// Milliseconds of attention and of the matrix before it, forward and back, for texts of more and more places.
void inspect_cost(void);

#endif
