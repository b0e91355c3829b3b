// profile.h, from lesson 09: where the time of a training step goes, operation by operation.
#ifndef PROFILE_H
#define PROFILE_H

#include "tensor.h"

enum { PROFILE_ROWS = 32 };

// One kind of work: an operation's name, or that of another part of a step.
typedef struct {
    const char *name;
    double forward, backward;                   // seconds
    double forward_flops, backward_flops;       // of its matrix products
} ProfileRow;

typedef struct {
    ProfileRow row[PROFILE_ROWS];
    int rows;
    ProfileRow *now;        // what the clock runs for; NULL: nothing
    bool back;
    double since;
} Profile;

// Has the tape tell the profile of everything it does; both must live as long.
void profile_attach(Profile *p, Tape *tape);
// Forgets what was measured so far.
void profile_clear(Profile *p);
// From now on the time goes to `what` ("optimizer"); NULL: to nothing.
void profile_mark(Profile *p, const char *what);
// A table on stdout, the most expensive first: milliseconds a step, share of the step, GFLOP/s of what has matrix products.
void profile_print(Profile *p, long steps);

#endif
