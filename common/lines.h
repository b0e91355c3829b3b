// lines.h, from lesson 08: names as rows of one length, each from its own beginning.
#ifndef LINES_H
#define LINES_H

#include "text.h"

enum { LINES_IGNORE = -1 };     // the target of a place behind a name's end: it has no loss

typedef struct {
    const int *id;              // of a stream of names
    size_t *start;              // (count) name i is id[start[i]] ... id[start[i] + length[i] - 1], without boundaries
    int *length;                // (count)
    int count, longest;
} Lines;

// The names of a stream. Free with lines_free; the stream's ids must live as long.
Lines lines_of(Stream s);
void lines_free(Lines *l);
// B names as rows: x (B,T) begins with the boundary, y (B,T) is what comes next and ends with the boundary. Behind the end x is 0 and y
// LINES_IGNORE. T is more than the longest of them.
//     emma:    x: . e m m a 0 0      y: e m m a . ignore ignore
void lines_batch(const Lines *l, const int *which, int B, int T, int *x, int *y);

#endif
