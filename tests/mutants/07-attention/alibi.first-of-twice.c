// expect: come the first ones of twice as many heads
#include "alibi.h"

#include <math.h>

void alibi_slopes(int NH, float *slope) {
    int power = 1;                  // the greatest power of two that is not above NH
    while (2 * power <= NH) power *= 2;
    for (int h = 0; h < NH; h++) {
        double exponent = h < power ? 8.0 * (h + 1) / power : 8.0 * (h - power + 1) / (2 * power);
        slope[h] = (float)pow(2, -exponent);
    }
}
