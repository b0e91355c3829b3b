// decoder.h, from lesson 09: what training and writing need to know of a model that reads tokens and says what comes next.
#ifndef DECODER_H
#define DECODER_H

#include "kvcache.h"
#include "params.h"
#include "rng.h"

#include <jansson.h>

// A view of a model, which must live as long.
typedef struct {
    void *self;             // the model; the functions' first argument
    int V, T;               // tokens that it knows; places that it can read at once
    int L, key;             // layers, and how many numbers the keys of a place have in each, for the cache
    Params *params;
    size_t matrices;        // so many of params' numbers decay, see decay_groups.h
    // What the blocks make of id (B,T): (B,T,C), normalised. cache: holds what was read before, and takes in id too (then B is 1); NULL: nothing was
    // read before. rng: for dropout, used in training only.
    Tensor *(*forward)(void *self, Tape *tape, const int *id, int B, int T, const KvCache *cache, Rng *rng, bool training);
    //     x (...,C)   ->   logits (...,V)
    Tensor *(*logits)(void *self, Tape *tape, Tensor *x);
    // What the last forward in training costs besides the loss, a scalar that is to be made small too; or NULL. The function may be NULL.
    Tensor *(*price)(void *self);
    // Begins to count what the model wants to tell of a measurement (run NULL), or tells it: into the run's directory and its summary. It may be NULL.
    void (*report)(void *self, const char *run, json_t *summary, long step);
} Decoder;

#endif
