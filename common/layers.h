// layers.h, from lesson 05: a net as a list of layers.
#ifndef LAYERS_H
#define LAYERS_H

#include "batchnorm.h"
#include "rng.h"

enum { LAYERS_MOST = 64 };

// A layer takes a tensor and returns the next. What it does is a function, so that a new kind needs no change here.
typedef struct Layer Layer;
struct Layer {
    const char *kind;                       // "linear", for people
    Tensor *(*forward)(Layer *l, Tape *tape, Tensor *x, bool training);
    Tensor *w, *b;                          // linear: (O,I), and (O) or NULL
    BatchNorm bn;                           // batchnorm
    int n;                                  // flatten: how many neighbours
};

typedef struct {
    Layer layer[LAYERS_MOST];
    int count;
} Layers;

// Each adds a layer at the end, and declares what it learns in p, named by its place: "3.w". The first names any kind.
Layer *layers_add(Layers *l, const char *kind, Tensor *(*forward)(Layer *, Tape *, Tensor *, bool));
void layers_flatten(Layers *l, int n);                                          // op_flatten
void layers_linear(Layers *l, Params *p, int I, int O, bool bias);              // op_linear
void layers_batchnorm(Layers *l, Params *p, int C, float momentum);             // op_batchnorm
void layers_tanh(Layers *l);                                                    // op_tanh

// After params_allocate: weights normal / sqrt(inputs), layer by layer; biases 0; gains 1.
void layers_randomise(Layers *l, Rng *rng);
// x through all of them. training: as batch normalisation has it.
Tensor *layers_forward(Layers *l, Tape *tape, Tensor *x, bool training);
// How many numbers a layer learns.
size_t layers_size(const Layer *l);

#endif
