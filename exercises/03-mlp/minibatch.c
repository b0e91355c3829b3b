// minibatch.c, your exercise: a few examples, drawn at random.
//
// Read minibatch.h in common/ first. rng.h has the random numbers.
#include "minibatch.h"
#include "util.h"

void minibatch(Rng *rng, const int *context, const int *target, int N, int block, int B, int *x, int *y) {
    (void)rng;
    (void)context;
    (void)target;
    (void)N;
    (void)block;
    (void)B;
    (void)x;
    (void)y;
    TODO("B times: draw one of the N examples, copy its context to a row of x and its target to y");
}
