// op_embedding.h, from lesson 03: a learned vector for every id.
#ifndef OP_EMBEDDING_H
#define OP_EMBEDDING_H

#include "tensor.h"

// y[b][t] = w[id[b*T + t]]: row id of the table. The same as one-hot times a matrix, without the zeros.
//     w (V,C);   id (B,T), each 0 .. V-1;   y (B,T,C)
Tensor *op_embedding(Tape *tape, Tensor *w, const int *id, int B, int T);

#endif
