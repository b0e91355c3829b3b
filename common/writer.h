// writer.h, from lesson 09: a model that writes: it keeps keys and values, cuts off what is too unlikely, and knows where to stop.
#ifndef WRITER_H
#define WRITER_H

#include "decoder.h"
#include "model.h"

typedef struct {
    Decoder net;
    KvCache cache;
    int *seen;              // (T) the tokens whose keys and values are in the cache
    Tape tape;
    bool cached;            // false: every token reads everything again
    double top_p, min_p;    // see sampler.h
    char *stop;             // it stops when it has written this; NULL: never. On the heap
    const Vocab *vocab;
} Writer;

// Free with writer_free; the model must live as long.
void writer_init(Writer *w, Decoder net, const Vocab *vocab);
void writer_free(Writer *w);
// The weights have changed: what is in the cache is worth nothing.
void writer_forget(Writer *w);
// The model's face. Where a text is longer than T, it reads from the first multiple of T/2 from which no more than T tokens are left:
// between T/2 and T tokens. So the cache has to be made anew only once in T/2 tokens.
Model writer_model(Writer *w);
// For Sampling: top-k, top-p and min-p.
void writer_cut(void *writer, int top_k, float *prob, int V);

#endif
