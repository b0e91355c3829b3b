// reader.h of 06-rnn-lstm: what a step reads: names or lines side by side, or a running text whose state is carried along.
#ifndef READER_H
#define READER_H

#include "corpus.h"
#include "net.h"
#include "streams.h"

typedef struct {
    Corpus data;
    bool by_sequence;       // every sequence stands for itself: no state comes from before
    bool reset;             // a running text, but each batch begins with a state of zeros all the same
    int B, block;           // examples of a training batch; the most places of one
    Rng *rng;               // draws sequences
    Streams streams;        // of the training split, if it is a running text
    int hidden;
    float *state;           // (2,B,H) carried from batch to batch
    int *x, *y, *backwards, *length, *which;
} Reader;

// Of r->data, whose corpus is made already. by_sequence, reset, B, block and rng are set by the caller. Free with reader_free.
void reader_init(Reader *r, int hidden);
void reader_free(Reader *r);
// The next training batch: sequences drawn with replacement, or the next places of the streams, round and round. What comes next at each
// place is in r->y (T,B), WORD_PAD where nothing does.
Input reader_next(Reader *r);
// The mean loss of a whole split: of all its sequences, or of all its places in order. NAN: there are none.
double reader_loss(Reader *r, Net *net, SplitName split);
// How many predictions a training batch has, on average.
long reader_tokens(const Reader *r);

#endif
