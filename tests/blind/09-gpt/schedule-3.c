// wrong: where there is no way down (warmup == steps) the rate stays at the peak for ever, in place of being the floor from `steps` on; shows only with warmup == steps, at step >= steps.
// schedule.c, your exercise: a learning rate that warms up, and then falls.
//
// Read schedule.h in common/ first.
#include "schedule.h"
#include "util.h"

#include <math.h>

double schedule(const Schedule *s, long step) {
    const double pi = acos(-1.0);
    if (step < s->warmup) return s->peak * (double)(step + 1) / (double)s->warmup;
    if (s->steps == s->warmup) return s->peak;        // no way down: nothing to divide by
    if (step >= s->steps) return s->floor;
    double progress = (double)(step - s->warmup) / (double)(s->steps - s->warmup);
    return s->floor + (s->peak - s->floor) * 0.5 * (1 + cos(pi * progress));
}
