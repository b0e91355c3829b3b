// loads.h, from lesson 11: how evenly the experts are used.
#ifndef LOADS_H
#define LOADS_H

#include "moe.h"

#include <jansson.h>

// How much expert e was asked, in fair shares: 1 is a slot in E. NAN if nothing was counted.
double loads_of(const MoeCount *c, int e, int E);
// For Decoder, with a Mixtral as self: run NULL begins to count a measurement anew. Else a line for each layer is added to RUN/load.csv (step, layer, dropped: the share of
// slots that found no room; then the load of each expert in training since the last time), and the summary gets
//     expert_load_max     the load of the busiest expert of any layer, over what was measured
//     dropped             the share of all slots that found no room in training since the last time, or since the run was resumed; absent if
//                         there was no training since
void loads_report(void *self, const char *run, json_t *summary, long step);

#endif
