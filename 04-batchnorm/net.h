// net.h of 04-batchnorm: lesson 03's net with one or more hidden layers, with or without batch normalisation.
#ifndef NET_H
#define NET_H

#include "batchnorm.h"
#include "model.h"
#include "params.h"
#include "rng.h"

enum { HIDDEN_MOST = 20 };

// How a net begins: what its first, normal weights are multiplied by.
typedef struct {
    const char *name;
    int layers, hidden;     // hidden layers, and units in each
    bool norm;              // batch normalisation after each, in place of its bias
    bool norm_last;         // and after the last matrix
    float momentum;         // of its running estimates
    double gain;            // hidden weights are multiplied by gain / sqrt(inputs), if gain is not 0 ...
    double w, b;            // ... else by w; hidden biases by b, and if that is 0 they are not drawn
    double last_gain;       // the last layer's weights likewise; norm_last: its learned gain begins here
    double last, last_b;
} Variant;

// NULL if there is none of this name.
const Variant *variant_named(const char *name);

typedef struct {
    int V, block, embedding, hidden, layers;
    bool norm, norm_last, relu;
} Shape;

// One matrix, and what follows it. Either a bias or a normalisation, which has a bias of its own.
typedef struct {
    Tensor *w;              // (out,in)
    Tensor *b;              // (out), or NULL
    BatchNorm bn;           // if b is NULL
} Layer;

typedef struct {
    Shape shape;
    Params params;
    Tensor *c;                      // (V, embedding)
    Layer layer[HIDDEN_MOST + 1];   // the hidden ones, then the last
    Tape ask;                       // for the model's face
    int *window;                    // (block) likewise
} Net;

// The tensors of one pass.
typedef struct {
    Tensor *before[HIDDEN_MOST];    // (N, hidden) what goes into each tanh
    Tensor *after[HIDDEN_MOST];     // (N, hidden) what comes out
    Tensor *logits;                 // (N, V)
} Pass;

void net_init(Net *net, Shape shape, float momentum);           // all weights zero
void net_free(Net *net);
// Normal numbers in the order of lecture 3: C, then each layer's W and b, times what the variant says.
void net_randomise(Net *net, const Variant *v, Rng *rng);
// From contexts (N, block). training: normalise by this batch and move the running estimates.
Pass net_forward(Net *net, Tape *tape, const int *context, int N, bool training);
Model net_model(Net *net, const Vocab *vocab);

#endif
