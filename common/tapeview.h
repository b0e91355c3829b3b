// tapeview.h, from lesson 02: the tape, to look at.
#ifndef TAPEVIEW_H
#define TAPEVIEW_H

#include "tensor.h"

// One line a tensor: its place on the tape, its name, shape, inputs, first values and first gradients.
void tapeview_print(const Tape *tape, FILE *out);
// One tensor of it, with up to `most` values and gradients.
void tapeview_node(const Tape *tape, int i, int most, FILE *out);
// The graph in Graphviz's language: dot -Tpng tape.dot > tape.png
void tapeview_dot(const Tape *tape, FILE *out);

#endif
