// evaluate.h, from lesson 03: the loss of a model on a whole split.
#ifndef EVALUATE_H
#define EVALUATE_H

#include "batches.h"
#include "tensor.h"

// The mean loss over all examples, in nats, summed in double; NAN if there are none. `logits` is the model in evaluation
// mode: from N contexts (N, block) to logits (N, V), on a tape that does not record.
double evaluate(Tensor *(*logits)(void *ctx, Tape *tape, const int *context, int N), void *ctx, const Examples *e);

// Prints the loss of each split, per unit of the vocabulary, one a line; `loss` measures one, NAN: there is none.
void evaluate_print(double (*loss)(void *ctx, SplitName split), void *ctx, const Vocab *vocab);

#endif
