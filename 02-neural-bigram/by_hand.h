// by_hand.h of 02-neural-bigram: stage 2a, training without a tape.
#ifndef BY_HAND_H
#define BY_HAND_H

#include "text.h"

// Trains W by gradient descent with the gradient written out by hand.
//     w (V,V): row a holds the logits of what follows a. Changed in place.
//     report(ctx, step, loss) is called once a step, before its update.
void by_hand_train(Stream s, int V, float *w, int steps, float lr, float penalty,
                   void (*report)(void *ctx, int step, double loss), void *ctx);

#endif
