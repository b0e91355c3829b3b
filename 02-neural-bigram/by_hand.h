// by_hand.h of 02-neural-bigram: stage 2a, training without a tape.
#ifndef BY_HAND_H
#define BY_HAND_H

#include "text.h"

// Trains W by gradient descent with the gradient written out by hand.
//     w (V,V): row a holds the logits of what follows a. Changed in place.
//     after(ctx, step, loss) is called once a step with the loss before the step's update; false: stop.
void by_hand_train(Stream s, int V, float *w, int steps, float lr, float penalty,
                   bool (*after)(void *ctx, int step, double loss), void *ctx);

#endif
