// wrong: the exponent runs from 0 to 1 inclusive, i / (C/2 - 1), so that the last pair has the speed 1/10000; right for C = 2 and for the first pair.
// sinusoid.c, your exercise: positions as waves of many lengths.
//
// Read sinusoid.h in common/ first.
#include "sinusoid.h"
#include "util.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    int pairs = C / 2;
    for (int i = 0; i < pairs; i++) {
        double part = (double)i / max_int(pairs - 1, 1);    // 0 for the fastest, 1 for the slowest
        double speed = exp(-log(10000.0) * part);
        for (int t = 0; t < T; t++) {
            float *at = table + (size_t)t * (size_t)C + 2 * i;
            at[0] = (float)sin(t * speed);
            at[1] = (float)cos(t * speed);
        }
    }
}
