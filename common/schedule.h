// schedule.h, from lesson 09: a learning rate that warms up, and then falls.
#ifndef SCHEDULE_H
#define SCHEDULE_H

typedef struct {
    double peak, floor;     // the highest rate; the one that it ends with
    long warmup, steps;     // steps on the way up (0: none); where it reaches the floor
} Schedule;

// The rate of step 0, 1, ...: in the first `warmup` steps it rises by equal amounts, peak / warmup in step 0 and peak in step warmup - 1; from
// there to `steps` it falls along half a cosine to the floor; behind that it stays there.
// Source: Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2017, without the restarts.
double schedule(const Schedule *s, long step);

#endif
