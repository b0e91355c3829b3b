// expect: each slope is half the one before, whatever NH is
#include "alibi.h"

#include <math.h>

void alibi_slopes(int NH, float *slope) {
    for (int h = 0; h < NH; h++) {
        slope[h] = (float)pow(2, -(h + 1));
    }
}
