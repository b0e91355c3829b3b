// softmax_rows.h, from lesson 02: the softmax of many rows, fast; what op_softmax and op_cross_entropy share.
#ifndef SOFTMAX_ROWS_H
#define SOFTMAX_ROWS_H

// p[n][j] = exp(x[n][j]) / sum over k of exp(x[n][k]), and log_sum[n] = ln of that sum, unless log_sum is NULL.
//     x, p (N,V), which may be the same memory;   log_sum (N)
void softmax_rows(const float *x, int N, int V, float *p, double *log_sum);

#endif
