// averages.h of 07-attention: the mean of the past, in three ways that are one.
#ifndef AVERAGES_H
#define AVERAGES_H

// y_t = the mean of x_0 .. x_t, vector by vector: attention that looks at everything alike.
//     x (T,C)   ->   y (T,C)
void averages_by_loops(int T, int C, const float *x, float *y);
// As one product: y = W x, with W (T,T) the triangle of 1/(t+1).
void averages_by_triangle(int T, int C, const float *x, float *y);
// The same W as a softmax: of zeros up to the diagonal and of minus infinity behind it. Other scores than zeros give other weights.
void averages_by_softmax(int T, int C, const float *x, float *y);

#endif
