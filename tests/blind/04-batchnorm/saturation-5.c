// wrong: the index is that of the transposed matrix, c * N + n, so what is looked through are not the columns.
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
        bool dead = true;
        for (int n = 0; n < N; n++)
            if (!(fabs(y->data[(size_t)c * N + n]) > limit)) dead = false;
        count += dead;
    }
    return count;
}
