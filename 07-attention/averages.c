// averages.c of 07-attention: the mean of the past, in three ways that are one.
#include "averages.h"
#include "gemm.h"
#include "util.h"

#include <math.h>
#include <stdlib.h>

void averages_by_loops(int T, int C, const float *x, float *y) {
    for (int t = 0; t < T; t++)
        for (int c = 0; c < C; c++) {
            double sum = 0;
            for (int s = 0; s <= t; s++) sum += (double)x[s * C + c];
            y[t * C + c] = (float)(sum / (t + 1));
        }
}

void averages_by_triangle(int T, int C, const float *x, float *y) {
    float *w = xcalloc((size_t)T * (size_t)T, sizeof *w);
    for (int t = 0; t < T; t++)
        for (int s = 0; s <= t; s++) w[t * T + s] = 1 / (float)(t + 1);
    gemm('N', 'N', T, C, T, w, T, x, C, 0, y, C);
    free(w);
}

void averages_by_softmax(int T, int C, const float *x, float *y) {
    float *w = xmalloc((size_t)T * (size_t)T * sizeof *w);
    for (int t = 0; t < T; t++) {
        float sum = 0;
        for (int s = 0; s < T; s++) sum += w[t * T + s] = expf(s <= t ? 0 : -INFINITY);
        for (int s = 0; s < T; s++) w[t * T + s] /= sum;
    }
    gemm('N', 'N', T, C, T, w, T, x, C, 0, y, C);
    free(w);
}
