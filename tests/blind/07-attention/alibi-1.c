// wrong: after the lower power of two it fills up with the slopes of twice as many heads one by one, not every other one; shows for 6, 7, 10, 11 ... heads, not for 3, 5, 9 or powers of two.
// alibi.c, your exercise: attention that finds far tokens less interesting, by a slope of its own for each head.
//
// Read alibi.h in common/ first.
#include "alibi.h"
#include "util.h"

#include <math.h>

void alibi_slopes(int NH, float *slope) {
    int power = 1;
    while (2 * power <= NH) power *= 2;

    for (int h = 0; h < power; h++) slope[h] = (float)exp2(-8.0 * (h + 1) / power);

    // The rest, from twice as many.
    for (int h = power; h < NH; h++) slope[h] = (float)exp2(-8.0 * (h - power + 1) / (2 * power));
}
