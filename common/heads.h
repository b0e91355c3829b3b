// heads.h, from lesson 07: where the numbers of a head are.
#ifndef HEADS_H
#define HEADS_H

#include "tensor.h"

// One matrix makes queries, keys and values together: (B,T,3C), for each token C numbers of query, then C of key, then C of value. Each
// C is cut into NH heads of HS = C/NH numbers that stand side by side. So a head of all tokens is a matrix (T,HS) whose rows
// lie 3C apart: nothing needs to be copied to work with it.
typedef struct {
    int B, T, C, NH, HS;
} Heads;

typedef enum { QUERY, KEY, VALUE } HeadPart;

// The sizes of qkv (B,T,3C) with NH heads; ends the program with a message that names `op` if they do not fit.
Heads heads_of(const char *op, const Tensor *qkv, int NH);
// Where in qkv's data the HS numbers of head h begin, of token t of example b.
size_t head_at(Heads z, HeadPart part, int b, int t, int h);

#endif
