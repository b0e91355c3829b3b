// sampling.h, from lesson 01: how daring to be when picking the next character.
#ifndef SAMPLING_H
#define SAMPLING_H

#include "rng.h"

typedef struct {
    double temperature;     // 1: as the model says; lower: safer; higher: wilder; 0: always the likeliest (greedy)
    int top_k;              // pick among the k likeliest only; 0: among all
    // Another way to cut off what is too unlikely, after the temperature and in place of plain top-k; it leaves a sum of 1. NULL: none.
    void (*cut)(void *cutter, int top_k, float *p, int V);
    void *cutter;
} Sampling;

// Picks the next id from probabilities p[0..V), which it changes on the way: keeps the top_k greatest (of equals, the
// lower id) or cuts as `cut` does, raises each to the power 1/temperature, makes them sum to 1, and draws.
int sampling_pick(Sampling how, float *p, int V, Rng *rng);

#endif
