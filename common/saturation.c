// saturation.c, from lesson 04: how many units have stopped listening.
#include "saturation.h"

#include <math.h>

double saturation(const Tensor *y, double limit) {
    size_t beyond = 0;
    for (size_t i = 0; i < y->size; i++) beyond += fabs(y->data[i]) > limit;
    return (double)beyond / (double)y->size;
}

int saturation_dead(const Tensor *y, double limit) {
    int N = rows_of(y), C = last_of(y), dead = 0;
    for (int c = 0; c < C; c++) {
        int n = 0;
        while (n < N && fabs(y->data[(size_t)n * (size_t)C + (size_t)c]) > limit) n++;
        dead += n == N;
    }
    return dead;
}
