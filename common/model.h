// model.h, from lesson 01: the one face that every model of the course shows.
#ifndef MODEL_H
#define MODEL_H

#include "text.h"

typedef struct Model Model;
struct Model {
    const Vocab *vocab;
    int boundary;           // the id that ends a name, or -1: see Stream
    void *self;             // the model itself, whatever it is
    // Writes to prob[0..V) how probable each character is to come after id[0..n). n is at least 1: a name starts with
    // its boundary; before a running text stands a newline (or id 0 where there is none).
    void (*next)(const Model *m, const int *id, size_t n, float *prob);
    // Is a running text over, with the last of id[0..n) as its end? NULL: never.
    bool (*over)(const Model *m, const int *id, size_t n);
};

// The id that a text starts from when nothing has been written yet.
int model_start(const Model *m);

#endif
