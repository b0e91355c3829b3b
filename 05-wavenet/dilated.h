// dilated.h of 05-wavenet: the same layers as a stack of dilated causal convolutions.
#ifndef DILATED_H
#define DILATED_H

#include "layers.h"

// The tree's layers, run over a whole text at once: e (1,T,embedding) -> logits (1,T,V), in evaluation mode. Row t is what the tree makes of
// the window that ends at t, for every t that has a whole window before it; each level is computed once a place, not once a window.
// A flatten of n becomes the kernel of the linear after it, and spreads the taps of those that follow n times as far.
// The layers must not hold first_dim's bug, whose statistics belong to a place within the window.
Tensor *dilated_forward(Layers *l, Tape *tape, Tensor *e);

#endif
