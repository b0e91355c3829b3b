// train_state.h, from lesson 03: a training in a file, so that it can go on as if nothing had been.
#ifndef TRAIN_STATE_H
#define TRAIN_STATE_H

#include "train.h"

// The name of a parameter or buffer with a number that is not finite, and that number; NULL: all are.
const char *train_bad_number(const Train *t, double *value);
// Parameters, buffers and all that was kept (train_keep), with vocabulary and settings.
bool train_save(const Train *t, const char *path, Error *e);
// All of it again, out of a run. Ends the program where it belongs to other data, another net or other options.
void train_restore(Train *t, const char *run);

#endif
