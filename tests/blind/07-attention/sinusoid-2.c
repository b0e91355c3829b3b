// wrong: the cosine has the exponent of its own column, (2i+1)/C, so sine and cosine of a pair are not of the same angle; shows from t = 1 on, least in the slow pairs.
// sinusoid.c, your exercise: positions as waves of many lengths.
//
// Read sinusoid.h in common/ first.
#include "sinusoid.h"
#include "util.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    for (int t = 0; t < T; t++) {
        for (int c = 0; c < C; c++) {
            double speed = pow(10000.0, -(double)c / C);
            table[(size_t)t * (size_t)C + (size_t)c] = (float)(c % 2 == 0 ? sin(t * speed) : cos(t * speed));
        }
    }
}
