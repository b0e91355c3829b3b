// reader.h of 08-transformer: batches of a running text, or of names.
#ifndef READER_H
#define READER_H

#include "batches.h"
#include "lines.h"
#include "rng.h"

typedef struct {
    bool names;
    int B, T;
    Stream stream[3];       // by SplitName: a running text
    Lines line[3];          // names
    int *storage;           // names in another order than the text's
    int *x, *y;             // (B,T), or so much more as a part of a split takes
    int *which;
} Reader;

// makemore: names are not split 80/10/10 but as makemore does: 1,000 for validation, which are the test too, the others to learn from.
// T: places of a row. Ends the program with a clear line where the text is too short, or a name too long. Free with reader_free.
void reader_init(Reader *r, const char *lesson, const Text *t, int B, int T, bool makemore);
void reader_free(Reader *r);
// The next training batch, into x and y: drawn with replacement.
void reader_draw(Reader *r, Rng *rng);
// How many rows a split has.
int reader_rows(const Reader *r, SplitName split);
// B rows of a split from row `first` on, into x and y. B is at most READER_ROWS.
void reader_rows_at(Reader *r, SplitName split, int first, int B);

enum { READER_ROWS = 256 };

#endif
