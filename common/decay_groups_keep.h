// decay_groups_keep.h, from lesson 09: both groups' averages are saved with the model.
#ifndef DECAY_GROUPS_KEEP_H
#define DECAY_GROUPS_KEEP_H

#include "decay_groups.h"
#include "train.h"

// See train_keep.
void decay_groups_keep(DecayGroups *d, Train *t);

#endif
