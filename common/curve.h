// curve.h, from lesson 01: the training curves of one or several runs in one picture.
#ifndef CURVE_H
#define CURVE_H

#include "util.h"

// Draws train_loss (thin) and val_loss (thick) of each run directory's log.csv against `x`, a column of that log ("step",
// "tokens", "seconds"). floor: a loss that no model can go below, in nats; NAN: not known.
// On failure (a run without a log, no gnuplot): false, one line in e.
bool curve_draw(const char *png, const char *title, const char *const *run, int runs, const char *x, double floor,
                bool in_terminal, Error *e);

#endif
