// sequences.h, from lesson 06: short texts of their own, such as names, filled up to one length.
#ifndef SEQUENCES_H
#define SEQUENCES_H

#include <stddef.h>

typedef struct {
    const int *id;
    size_t *start;          // (count) sequence i is id[start[i]], ... length[i] ids, the last of them <eos>
    int *length;            // (count)
    int count, longest;     // how many; the length of the longest
} Sequences;

// Cuts ids at each <eos>, which belongs to the sequence before it. Empty ones are left out, longer ones than `most` ids too. Free
// with sequences_free; id[] must live as long.
Sequences sequences_of(const int *id, size_t n, int most);
void sequences_free(Sequences *s);

// B sequences side by side, which[0..B): x (T,B) begins with <bos>, y (T,B) is what comes next and ends with <eos>; behind the end
// stands <pad> in both. length (B): places before that. Returns T, the greatest length.
//     which: "emma"     x: <bos> e m m a     y: e m m a <eos>     length 5
int sequences_batch(const Sequences *s, const int *which, int B, int *x, int *y, int *length);
// The same sequences from their end, for a net that reads backwards: place k of x stands before what is place length-1-k of y.
//     x: <bos> <eos> a m m               its place 0 is followed by <eos>, y's place 4, and so on
void sequences_backwards(const Sequences *s, const int *which, int B, int T, int *x);

#endif
