// net.h of 08-transformer: a decoder of blocks: embeddings, positions, blocks, and the next character.
#ifndef NET_H
#define NET_H

#include "block.h"
#include "model.h"
#include "modelfile.h"

enum { LAYERS_MOST = 64 };

typedef struct {
    int V, T;               // characters; places that it can read at once
    int layers;
    BlockShape block;
    bool head_bias;
} Shape;

typedef struct {
    Shape shape;
    Params params;
    Tensor *tokens, *positions;     // (V,C), (T,C)
    Block block[LAYERS_MOST];
    Tensor *gain, *norm_bias;       // (C) of the last norm, if the blocks have norms before their branches
    Tensor *head, *head_bias;       // (V,C), (V)
    Tape ask;                       // for the model's face
} Net;

// A net by its name, of the ladder that the lesson climbs, and how it is trained.
typedef struct {
    const char *name;
    Shape shape;
    int batch;
    double lr, beta2, clip;
    const char *data;
} Variant;

// The variant of that name; NULL: there is none.
const Variant *variant_named(const char *name);

// A shape as settings of a model's file, and again from there, but for V, which is the vocabulary's. On failure: false, one line in e.
json_t *shape_settings(Shape s);
bool shape_read(Shape *s, const Checkpoint *file, Error *e);

void net_init(Net *net, Shape shape);               // all weights zero
void net_free(Net *net);
// As PyTorch begins: embeddings normal, linear layers uniform between -1/sqrt(inputs) and 1/sqrt(inputs), norms 1 and 0.
void net_randomise(Net *net, Rng *rng);

// The tensors of one pass.
typedef struct {
    Tensor *x[LAYERS_MOST + 1];     // (B,T,C) what goes into each block, and what comes out of the last
    Tensor *logits;                 // (B,T,V)
} Pass;

//     id (B,T)     rng: for dropout, in training
Pass net_forward(Net *net, Tape *tape, const int *id, int B, int T, Rng *rng, bool training);
Model net_model(Net *net, const Vocab *vocab);

#endif
