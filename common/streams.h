// streams.h, from lesson 06: a long text as several streams, read side by side.
#ifndef STREAMS_H
#define STREAMS_H

#include <stdbool.h>
#include <stddef.h>

// The text is cut into B parts of equal length, and each batch takes the next T places of every part: so what stands before a place
// was in the batch before, in the same row, and a recurrent net can keep its state from batch to batch.
typedef struct {
    const int *id;          // (n)
    size_t n, part;         // how long one part is; the last n - B*part ids are left out
    int B;
    size_t at;              // the place in each part that comes next
} Streams;

// B becomes less where the text is too short for so many.
Streams streams_of(const int *id, size_t n, int B);
// The next batch: x (T,B) and what comes after each, y (T,B). Where less than T places are left it is shorter. Returns its T, or 0
// at the end; then the next call begins anew. *fresh: this is the beginning, so that no state from before fits.
int streams_next(Streams *s, int T, int *x, int *y, bool *fresh);

#endif
