// expect: cut off to an int: here that is always 0
#include "sinusoid.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    for (int t = 0; t < T; t++)
        for (int i = 0; i < C / 2; i++) {
            double angle = t / pow(10000, 2 * i / C);
            table[t * C + 2 * i] = (float)sin(angle);
            table[t * C + 2 * i + 1] = (float)cos(angle);
        }
}
