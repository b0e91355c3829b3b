// wrong: the loop looks for a power of two strictly below NH, so a power of two itself is filled up from half as many: the right slopes in the wrong order for 2, 4, 8, 16 heads.
// alibi.c, your exercise: attention that finds far tokens less interesting, by a slope of its own for each head.
//
// Read alibi.h in common/ first.
#include "alibi.h"
#include "util.h"

#include <math.h>

static float slope_of(int heads, int n) { return (float)pow(2.0, -8.0 / heads * n); }

void alibi_slopes(int NH, float *slope) {
    int lower = 1;
    while (lower * 2 < NH) lower *= 2;

    for (int h = 0; h < NH; h++) {
        if (h < lower) slope[h] = slope_of(lower, h + 1);
        else slope[h] = slope_of(2 * lower, 2 * (h - lower) + 1);
    }
}
