// net.h of 02-neural-bigram: the model, one matrix.
#ifndef NET_H
#define NET_H

#include "model.h"
#include "params.h"

typedef struct {
    Params params;
    Tensor *w;              // (V,V): row = the next character, column = the one before: (out,in), as in PyTorch's layers
    Tape tape;              // for asking it one question at a time
    int V;
} Net;

void net_init(Net *net, int V);     // all weights zero
void net_free(Net *net);

// Normal numbers in the order of the lecture's torch.randn((27, 27)): w (V,V), a row for each character before.
void net_draw(float *w, int V, int seed);
// Sets the weights from such a matrix (before, next).
void net_set(Net *net, const float *w);
void net_randomise(Net *net, int seed);

// Logits of what comes after each of before[0..N): (N,V).
Tensor *net_forward(Net *net, Tape *tape, const int *before, int N);
// The loss on a stream in nats per character.
double net_loss(Net *net, Stream s);
Model net_model(Net *net, const Vocab *vocab);

#endif
