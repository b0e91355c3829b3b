// decay_groups.h, from lesson 09: which weights decay, and which do not.
#ifndef DECAY_GROUPS_H
#define DECAY_GROUPS_H

#include "adamw.h"
#include "params.h"

// Decay draws a weight to 0. That is good for a matrix, whose weights are to be small and many; a gain that is drawn to 0 only gets in the
// way, and so does a bias. So matrices decay (two dimensions or more, embeddings too), vectors do not.
// Source: nanoGPT, configure_optimizers; Loshchilov and Hutter, "Decoupled weight decay regularization", 2019.

// Between the declaring of parameters and params_allocate: puts the matrices first, in their order, and the vectors behind them, so that each
// group is one piece of the buffer. Returns how many numbers the matrices have in all.
size_t decay_groups(Params *p);

typedef struct {
    Params group[2];        // views of the model's: matrices, and all else
    AdamW adamw[2];         // the first with decay, the second without
} DecayGroups;

// After params_allocate; matrices: as decay_groups returned. Free with decay_groups_free.
DecayGroups decay_groups_new(const Params *p, size_t matrices, double decay, double beta2);
void decay_groups_free(DecayGroups *d);
// One step of AdamW of both.
void decay_groups_step(DecayGroups *d, double lr);

#endif
