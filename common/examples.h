// examples.h, from lesson 03: a split of a text as windows in memory.
#ifndef EXAMPLES_H
#define EXAMPLES_H

#include "text.h"

typedef struct {
    int *context;       // (N, block)
    int *target;        // (N)
    int N, block;
} Examples;

// All windows (windows.h) of a stream. Free with examples_free.
Examples examples_of(Stream s, int block);
void examples_free(Examples *e);

#endif
