// wrong: the floor is reached in the last step, steps - 1, in place of at `steps` (the way down is one step too short); shows a little on the whole way down, most where it is short.
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
    double progress = (double)(step - s->warmup) / (double)(s->steps - 1 - s->warmup);        // 0 in the first step of the way down, 1 in the last
    return s->floor + (s->peak - s->floor) * 0.5 * (1 + cos(pi * progress));
}
