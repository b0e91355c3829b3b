// adamw_keep.h, from lesson 06: an optimizer that goes on where its training was broken off.
#ifndef ADAMW_KEEP_H
#define ADAMW_KEEP_H

#include "adamw.h"
#include "train.h"

// Has the training save the optimizer's averages and its step with the model (see train_keep). Both must live as long.
void adamw_keep(AdamW *a, Train *t);

#endif
