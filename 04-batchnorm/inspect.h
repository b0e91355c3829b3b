// inspect.h of 04-batchnorm: what a net looks like from inside.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"

// Tables on stdout; pictures as runs/04-batchnorm/NAME-*.png.

// After backward: how what comes out of each hidden layer is spread, and its gradient (NAME-activations.png, NAME-gradients.png); which
// units are saturated, or with relu at 0, for which examples of the batch (NAME-saturated.png).
void inspect_layers(const Net *net, const Pass *pass, const char *name);
// The gradients of every matrix (NAME-weights.png).
void inspect_weights(const Net *net, const char *name);
// ratio[matrix][step] of update_ratio.h (NAME-updates.png).
void inspect_updates(const double *ratio, int matrices, int steps, const char *name);

enum { VARIANT_RUNS = 7, VARIANT_POINTS = 100 };

// A short training run of one variant.
typedef struct {
    const char *name;
    double first, val;                                      // loss at step 0; validation loss at the end
    double step[VARIANT_POINTS], loss[VARIANT_POINTS];      // mean training loss around a step
} VariantRun;

// The curves of VARIANT_RUNS such runs in one picture (variants.png).
void inspect_variants(const VariantRun *run);

#endif
