// shuffle.h, from lesson 01: the split into train, dev and test that everybody's published figures stand on.
#ifndef SHUFFLE_H
#define SHUFFLE_H

#include <stdint.h>

typedef struct {
    int train, val, test;   // how many examples go to each; they add up to n
} Split;

// Puts a random order of 0 .. n-1 into order[0..n) and says where to cut it: the first `train` are the training
// examples, the next `val` the validation (dev) examples, the last `test` the test examples: 80, 10 and 10 percent.
// The order is Python's: random.seed(seed); random.shuffle(list(range(n))). The cuts are int(0.8*n) and int(0.9*n).
Split shuffle_split(int *order, int n, uint32_t seed);

#endif
