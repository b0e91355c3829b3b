// sinusoid.c, from lesson 07: positions as waves of many lengths.
#include "sinusoid.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    for (int t = 0; t < T; t++)
        for (int i = 0; i < C; i += 2) {
            double angle = t * pow(10000, -(double)i / C);
            table[t * C + i] = (float)sin(angle);
            if (i + 1 < C) table[t * C + i + 1] = (float)cos(angle);
        }
}
