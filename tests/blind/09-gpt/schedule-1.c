// wrong: the cosine falls to 0 and is only cut off at the floor, in place of ending at the floor; shows on the way down whenever the floor is above 0.
// schedule.c, your exercise: a learning rate that warms up, and then falls.
//
// Read schedule.h in common/ first.
#include "schedule.h"
#include "util.h"

#include <math.h>

double schedule(const Schedule *s, long step) {
    const double pi = acos(-1.0);
    if (step < s->warmup) return s->peak * (double)(step + 1) / (double)s->warmup;
    if (step >= s->steps) return s->floor;
    double progress = (double)(step - s->warmup) / (double)(s->steps - s->warmup);
    double rate = s->peak * 0.5 * (1 + cos(pi * progress));
    return rate > s->floor ? rate : s->floor;
}
