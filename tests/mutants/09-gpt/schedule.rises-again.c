// expect: behind `steps` the rate rises again
#include "schedule.h"

#include <math.h>

double schedule(const Schedule *s, long step) {
    if (step < s->warmup) return s->peak * (double)(step + 1) / (double)s->warmup;
    double way = (double)(step - s->warmup) / (double)(s->steps - s->warmup);       // how far
    return s->floor + (s->peak - s->floor) * (1 + cos(acos(-1) * way)) / 2;
}
