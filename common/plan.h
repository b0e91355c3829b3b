// plan.h, from lesson 09: what a model will take, before anything is allocated.
#ifndef PLAN_H
#define PLAN_H

#include "decoder.h"

// --- memory: a tape that only counts ---

enum { PLAN_NODES = 24 * 64 + 16 };

// A tensor of the step: how many floats it has, and what it is made of (-1: nothing more).
typedef struct {
    double size;
    int in[2];
} PlanNode;

typedef struct {
    PlanNode node[PLAN_NODES];
    int count;
    double floats;          // of values, and of what is kept for backward
} PlanTape;

// A tensor of `size` floats made of nodes a and b; `kept`: floats that its operation leaves for backward besides. Returns its number.
int plan_add(PlanTape *t, double size, double kept, int a, int b);
// What op_dropout makes of node x, which has `size` floats.
int plan_dropout(PlanTape *t, double size, double dropout, int x);
// What op_attention keeps for B texts of T places.
double plan_attention_keeps(int B, int T, int NH, int threads);

// --- the plan ---

typedef struct Plan Plan;
struct Plan {
    char about[128];                                    // the model's sizes, in words
    int L, V, T, C;                                     // layers, tokens, places, numbers a place
    int batch, accumulate;
    double params, used;                                // numbers to learn; those that one token makes use of
    double flops;                                       // of one token, forward and backward
    double weights, gradients, optimizer;               // bytes
    double cache;                                       // bytes of the keys and values of a text of T places
    double activations, their_gradients, other;         // bytes: of one batch; of the program itself
    double product_rate, seconds;                       // measured: operations a second of a matrix product; predicted: seconds of a step
    bool busy;                                          // the same step took very different times: something else runs here
    // A model of this kind with L layers and V tokens and random weights; and its end.
    Decoder (*build)(const Plan *p, int L, int V);
    void (*end)(void *model);
    const void *shape;                                  // for build; must live as long
};

// What `params` numbers and a step with these tensors take.
void plan_count(Plan *p, const PlanTape *t);
double plan_bytes(const Plan *p);
// Measures a matrix product of this size, and steps of models of this kind with one and two layers, and with a little vocabulary; from that
// it predicts how long a step will take here, with the threads that are set. Where the plan does not fit into memory, nothing is measured: seconds is NAN.
void plan_measure(Plan *p);
void plan_print(const Plan *p);

#endif
