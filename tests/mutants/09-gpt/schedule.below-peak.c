// expect: the way up is divided by warmup + 1
#include "schedule.h"

#include <math.h>

double schedule(const Schedule *s, long step) {
    if (step < s->warmup) return s->peak * (double)(step + 1) / (double)(s->warmup + 1);
    if (step >= s->steps) return s->floor;
    double way = (double)(step - s->warmup) / (double)(s->steps - s->warmup);       // from 0 to 1
    return s->floor + (s->peak - s->floor) * (1 + cos(acos(-1) * way)) / 2;
}
