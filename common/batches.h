// batches.h, from lesson 03: a text as examples in three splits, and the minibatch of a step.
#ifndef BATCHES_H
#define BATCHES_H

#include "examples.h"
#include "rng.h"

// The splits of a text, as a lesson is asked for their loss.
typedef enum { SPLIT_TRAIN, SPLIT_VAL, SPLIT_TEST } SplitName;

typedef struct {
    Examples split[3];      // by SplitName
    Rng rng;                // draws the weights first, then the minibatches, as the lectures' one generator does
    int B, *x, *y;          // the minibatch of this step: (B, block), (B)
} Batches;

// The examples of a text, its windows `block` long, and room for a minibatch of B. Free with batches_free.
Batches batches_of(const Text *t, int block, int B, int seed);
void batches_free(Batches *b);
// Draws the next minibatch of the training split into x and y.
void batches_next(Batches *b);
// "names: 182625 training examples, 22655 for validation, 22866 for test"
void batches_print(const Batches *b, const char *name);

#endif
