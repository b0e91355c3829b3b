// wrong: 8 / NH is a division of two int: right for 1, 2, 4, 8 heads and for 3, 5, 6, 7, but from 9 heads on it is 0 and slopes become 1.
// alibi.c, your exercise: attention that finds far tokens less interesting, by a slope of its own for each head.
//
// Read alibi.h in common/ first.
#include "alibi.h"
#include "util.h"

#include <math.h>

// The first one, and every `step`th after it, of the series for n heads.
static void series(int n, int step, int count, float *slope) {
    int exponent = 8 / n;
    for (int i = 0; i < count; i++) slope[i] = powf(2.0f, (float)(-exponent * (1 + i * step)));
}

void alibi_slopes(int NH, float *slope) {
    int n = 1;
    while (2 * n <= NH) n *= 2;
    series(n, 1, n, slope);
    series(2 * n, 2, NH - n, slope + n);
}
