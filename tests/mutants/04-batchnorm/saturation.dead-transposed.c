// expect: the index is transposed, y[c*N + n]
#include "saturation.h"

#include <math.h>

double saturation(const Tensor *y, double limit) {
    size_t beyond = 0;
    for (size_t i = 0; i < y->size; i++)
        if (fabs(y->data[i]) > limit) beyond++;
    return (double)beyond / y->size;
}

int saturation_dead(const Tensor *y, double limit) {
    int N = rows_of(y), C = last_of(y), dead = 0;
    for (int c = 0; c < C; c++) {
        int beyond = 0;
        for (int n = 0; n < N; n++)
            if (fabs(y->data[c * N + n]) > limit) beyond++;
        if (beyond == N) dead++;
    }
    return dead;
}
