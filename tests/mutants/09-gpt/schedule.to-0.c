// expect: the rate falls to 0
#include "schedule.h"

#include <math.h>

double schedule(const Schedule *s, long step) {
    if (step < s->warmup) return s->peak * (double)(step + 1) / (double)s->warmup;
    if (step >= s->steps) return s->floor;
    double way = (double)(step - s->warmup) / (double)(s->steps - s->warmup);       // from 0 to 1
    return s->peak * (1 + cos(acos(-1) * way)) / 2;
}
