// wrong: the loop already runs over the even columns, and the exponent doubles the column once more (4i/C in place of 2i/C); right for C = 2 and for the first pair.
// sinusoid.c, your exercise: positions as waves of many lengths.
//
// Read sinusoid.h in common/ first.
#include "sinusoid.h"
#include "util.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    for (int t = 0; t < T; t++) {
        for (int i = 0; i < C; i += 2) {
            double angle = t / pow(10000.0, 2.0 * i / C);
            table[t * C + i] = (float)sin(angle);
            table[t * C + i + 1] = (float)cos(angle);
        }
    }
}
