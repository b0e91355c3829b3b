// net.h of 07-attention: embeddings, positions, attention, and the next character.
#ifndef NET_H
#define NET_H

#include "model.h"
#include "params.h"
#include "rng.h"

typedef enum { POSITIONS_NONE, POSITIONS_LEARNED, POSITIONS_SINUSOIDAL, POSITIONS_ROPE, POSITIONS_ALIBI } PositionKind;
enum { POSITION_KINDS = 5 };
extern const char *const POSITION_NAME[POSITION_KINDS];

typedef struct {
    int V, C, heads;
    int block;              // places that it is trained to look back
    PositionKind positions;
} Shape;

typedef struct {
    Shape shape;
    Params params;
    Tensor *tokens;         // (V,C)
    Tensor *positions;      // (block,C), if they are learned
    Tensor *qkv;            // (3C,C) queries, keys, values
    Tensor *last, *bias;    // (V,C), (V) the last matrix
    Tape ask;               // for the model's face
} Net;

// The tensors of one pass.
typedef struct {
    Tensor *x;              // (B,T,C) tokens with their positions
    Tensor *y;              // (B,T,C) what attention made of them
    Tensor *logits;         // (B,T,V)
} Pass;

void net_init(Net *net, Shape shape);               // all weights zero
void net_free(Net *net);
// As PyTorch begins: embeddings normal, all else uniform between -1/sqrt(C) and 1/sqrt(C).
void net_randomise(Net *net, Rng *rng);
// May this many places be read at once? Learned positions end with the block; the others go on.
bool net_reads(const Net *net, int T);
//     id (B,T)
Pass net_forward(const Net *net, Tape *tape, const int *id, int B, int T);
Model net_model(Net *net, const Vocab *vocab);

#endif
