// sinusoid.c, your exercise: positions as waves of many lengths.
//
// Read sinusoid.h in common/ first.
#include "sinusoid.h"
#include "util.h"

#include <math.h>

void sinusoid(int T, int C, float *table) {
    (void)T;
    (void)C;
    (void)table;
    TODO("table (T,C): for each position t and each pair i, a sine and a cosine");
}
