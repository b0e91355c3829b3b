// inspect.h of 05-wavenet: the tree from outside.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"
#include "text.h"

// What every layer makes of one window, how many numbers it learns, and how many multiply-adds it takes, on stdout.
void inspect_layers(Net *net);
// Which characters reach which unit: the tree of the last window over the convolution's grid, as runs/05-wavenet/receptive.png.
void inspect_receptive_field(const Net *net);
// Every letter of a name with its probability, computed once by windows and the tree and once by dilated convolutions over the whole
// name; prints how they compare, and returns the largest difference between two logits, relative to the largest logit. Skips the convolution where the net has the bug.
double inspect_score(Net *net, const Vocab *vocab, Stream name);

#endif
