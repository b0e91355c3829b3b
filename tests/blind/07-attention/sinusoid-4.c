// wrong: 10000^(2i/C) is kept as a whole number; right for C = 2, 4, 8 (powers 10, 100, 1000), wrong for C = 6, 16, 32 and so on.
// sinusoid.c, your exercise: positions as waves of many lengths.
//
// Read sinusoid.h in common/ first.
#include "sinusoid.h"
#include "util.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    for (int t = 0; t < T; t++) {
        for (int i = 0; i < C / 2; i++) {
            long slower = lround(pow(10000.0, 2.0 * i / C));
            double angle = (double)t / (double)slower;
            table[t * C + 2 * i] = (float)sin(angle);
            table[t * C + 2 * i + 1] = (float)cos(angle);
        }
    }
}
