// net.h of 03-mlp: a window of characters, a hidden layer, and the next character.
#ifndef NET_H
#define NET_H

#include "examples.h"
#include "model.h"
#include "params.h"
#include "rng.h"

// Bengio, Ducharme, Vincent and Jauvin, "A neural probabilistic language model", JMLR 3 (2003), in small.
typedef struct {
    int V, block, embedding, hidden;    // sizes: vocabulary, characters of context, numbers per character, hidden units
} Shape;

typedef struct {
    Shape shape;
    Params params;
    Tensor *c;              // (V, embedding)            a vector for every character
    Tensor *w1, *b1;        // (hidden, block*embedding), (hidden)
    Tensor *w2, *b2;        // (V, hidden), (V)
    Tape ask;               // for the model's face
    int *window;            // (block) likewise
} Net;

void net_init(Net *net, Shape shape);                   // all weights zero
void net_free(Net *net);
// Every number normal, in the order of lecture 2: C, W1, b1, W2, b2. Leaves rng where the lecture's generator is then.
void net_randomise(Net *net, Rng *rng);
// From contexts (N, block) to logits (N, V).
Tensor *net_logits(Net *net, Tape *tape, const int *context, int N);
Model net_model(Net *net, const Vocab *vocab);

#endif
