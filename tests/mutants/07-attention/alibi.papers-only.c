// expect: the rule for powers of two is used for every number of heads
#include "alibi.h"

#include <math.h>

void alibi_slopes(int NH, float *slope) {
    for (int h = 0; h < NH; h++) {
        double exponent = 8.0 * (h + 1) / NH;
        slope[h] = (float)pow(2, -exponent);
    }
}
