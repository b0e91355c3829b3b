// wrong: the way up begins at the floor in place of 0, floor + (peak - floor) (t+1)/w; shows in all steps of the warm-up but its last whenever the floor is above 0.
// schedule.c, your exercise: a learning rate that warms up, and then falls.
//
// Read schedule.h in common/ first.
#include "schedule.h"
#include "util.h"

#include <math.h>

double schedule(const Schedule *s, long step) {
    const double pi = acos(-1.0);
    if (step < s->warmup) return s->floor + (s->peak - s->floor) * (double)(step + 1) / (double)s->warmup;
    if (step >= s->steps) return s->floor;
    double progress = (double)(step - s->warmup) / (double)(s->steps - s->warmup);
    return s->floor + (s->peak - s->floor) * 0.5 * (1 + cos(pi * progress));
}
