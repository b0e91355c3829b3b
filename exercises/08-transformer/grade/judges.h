// grade/judges.h: what the files of lesson 08's grader share, and the checks that they hold.
#ifndef JUDGES_H
#define JUDGES_H

#include "operations.h"

// Takes dy back from y through all of the tape.
void go_all_the_way_back(Tape *tape, Tensor *y, const float *dy);
// The slope of f(ctx) by each of the n numbers of v, by central differences: (n).
float *slopes_of(double (*f)(void *ctx), void *ctx, double *v, size_t n);
double *doubles(const float *x, size_t n);

// grade/layernorm.c
void layernorm_rows(void), layernorm_gain_and_bias(void), layernorm_hard_rows(void);
void layernorm_to_gain_and_bias(void), layernorm_to_x(void), layernorm_adds(void);
// grade/gelu.c
void gelu_values(void), gelu_far(void), gelu_slope(void), gelu_adds(void);
// grade/forward.c
void forward_values(void), forward_parts(void), forward_back(void);
// grade/residual.c
void add_values(void), add_back(void);
void residual_pre(void), residual_post(void), residual_without(void), residual_back(void);

#endif
