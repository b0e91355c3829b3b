// adamw.h, from lesson 06: an optimizer that gives every weight a rate of its own.
#ifndef ADAMW_H
#define ADAMW_H

#include "params.h"

// With g the gradient and t = 1, 2, ... the step, for every weight w:
//     m = beta1 m + (1 - beta1) g             which way, lately
//     v = beta2 v + (1 - beta2) g²            how much it swings, lately
//     w = w - lr (m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + eps) + decay w)
// m and v begin at 0; dividing by 1 - beta^t makes up for that. The decay pulls weights towards 0 by itself, and is no part of g.
// Source: Kingma and Ba, "Adam", ICLR 2015, algorithm 1; Loshchilov and Hutter, "Decoupled weight decay regularization", ICLR 2019.
typedef struct {
    double beta1, beta2, eps, decay;
    float *m, *v;           // as many as the parameters
    long step;              // how many were made
    size_t size;
} AdamW;

// For all parameters; beta1 0.9, beta2 0.999, eps 1e-8 as in PyTorch. Free with adamw_free.
AdamW adamw_new(const Params *p, double decay);
void adamw_free(AdamW *a);
// One step for all parameters, by the gradients that they have.
void adamw_step(AdamW *a, Params *p, double lr);

#endif
