// net.h of 05-wavenet: embeddings, and a hierarchy over them.
#ifndef NET_H
#define NET_H

#include "hierarchy.h"
#include "model.h"

typedef struct {
    const char *name;
    Shape shape;            // but for V, which the text decides
} Variant;

// NULL if there is none of this name.
const Variant *variant_named(const char *name);

typedef struct {
    Shape shape;
    Params params;
    Tensor *c;              // (V, embedding)
    Layers layers;          // (N, block, embedding) -> (N, V)
    Tape ask;               // for the model's face
    int *window;            // (block) likewise
} Net;

void net_init(Net *net, Shape shape);                   // all weights zero
void net_free(Net *net);
// Normal numbers / sqrt(inputs) in the order of lecture 5: C, then layer by layer; the last matrix a tenth of that.
void net_randomise(Net *net, Rng *rng);
// From contexts (N, block) to logits (N, V). training: as batch normalisation has it.
Tensor *net_logits(Net *net, Tape *tape, const int *context, int N, bool training);
Model net_model(Net *net, const Vocab *vocab);

#endif
