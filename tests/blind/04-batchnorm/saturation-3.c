// wrong: a column counts as dead only if all its rows lie beyond the limit on the same side.
// saturation.c, your exercise: how many units have stopped listening.
//
// Read saturation.h in common/ first.
#include "saturation.h"

#include <math.h>

double saturation(const Tensor *y, double limit) {
    size_t beyond = 0;
    for (size_t i = 0; i < y->size; i++) beyond += fabs(y->data[i]) > limit;
    return (double)beyond / y->size;
}

int saturation_dead(const Tensor *y, double limit) {
    int N = rows_of(y), C = last_of(y), count = 0;
    for (int c = 0; c < C; c++) {
        int above = 0, below = 0;
        for (int n = 0; n < N; n++) {
            float value = y->data[(size_t)n * C + c];
            above += value > limit;
            below += value < -limit;
        }
        count += above == N || below == N;
    }
    return count;
}
