// routing.h, from lesson 11: which tokens each expert works on.
#ifndef ROUTING_H
#define ROUTING_H

#include "tensor.h"

// Each of N tokens has chosen K of E experts, so there are N*K slots. Sorted by expert, the tokens of each expert stand side by side as rows: then an
// expert is a matrix product over its rows.
typedef struct {
    int N, K, E;
    const int *choice;      // (N,K) the experts of each token, the likeliest first
    int *place;             // (N,K) in which row the slot stands; -1: it was dropped
    int *slot;              // (rows) which slot stands in each row: of token slot / K
    int *start;             // (E+1) the rows of expert e are start[e] .. start[e+1]-1; start[E] rows are there in all
    int *asked;             // (E) slots that wanted each expert, the dropped ones too
} Routing;

// Sorts the slots; choice[i] is 0 to E-1. In which order an expert's rows stand is left open. capacity: no expert gets more rows than this; 0: as many as want it. Of too
// many, all first choices come before the second ones, and of these the earlier token; the rest is dropped. All memory is the tape's; choice must
// live as long.
Routing routing_of(Tape *tape, const int *choice, int N, int K, int E, int capacity);
// `factor` (0 or more) times the fair share N*K/E, rounded up; 0, for any number, if factor is 0.
int routing_capacity(int N, int K, int E, double factor);

#endif
