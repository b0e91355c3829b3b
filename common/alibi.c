// alibi.c, from lesson 07: attention that finds far tokens less interesting, by a slope of its own for each head.
#include "alibi.h"

#include <math.h>

void alibi_slopes(int NH, float *slope) {
    int power = 1;
    while (2 * power <= NH) power *= 2;
    for (int h = 0; h < power; h++) slope[h] = (float)exp2(-8.0 * (h + 1) / power);
    for (int h = power; h < NH; h++) slope[h] = (float)exp2(-8.0 * (2 * (h - power) + 1) / (2 * power));
}
