// inspect.h of 02-neural-bigram: looking at the tape, its gradients, and the table it learned.
#ifndef INSPECT_H
#define INSPECT_H

#include "net.h"
#include "text.h"

// The tape of one step on a single name, as text and as DIR/tape.dot.
void inspect_tape(Net *net, const Text *t, const char *dir);
// Gradients of some weights beside their finite differences.
void inspect_gradients(Net *net, const Text *t);
// The learned probabilities beside the counted ones; DIR/learned.png, DIR/difference.png.
void inspect_table(Net *net, const Text *t, const char *dir);
// A small tape, node by node, forwards and back; Enter goes on.
void inspect_walk(FILE *in);

#endif
