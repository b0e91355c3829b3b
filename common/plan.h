// plan.h, from lesson 09: what a model will take, before anything is allocated.
#ifndef PLAN_H
#define PLAN_H

#include "gpt.h"

typedef struct {
    GptShape shape;
    int batch, accumulate, threads;
    double params, matrices;                            // numbers to learn; those that take part in matrix products
    double weights, gradients, optimizer;               // bytes
    double activations, their_gradients, other;         // bytes: of one batch, with dropout if the shape has it; of the program itself
    double flops;                                       // of one token, forward and backward
    double product_rate, seconds;                       // measured: operations a second of a matrix product; predicted: seconds of a step
} Plan;

// Counts; nothing of the model's size is allocated. batch: sequences of shape.T tokens; accumulate: how many of them to a step.
Plan plan_of(GptShape shape, int batch, int accumulate, int threads);
double plan_bytes(const Plan *p);
// Measures a matrix product of this size, and steps of models of this width with one and two blocks, and with a little vocabulary; from that
// it predicts how long a step will take here, with the threads that are set.
void plan_measure(Plan *p);
void plan_print(const Plan *p);

#endif
