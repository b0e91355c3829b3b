// alibi.c, your exercise: attention that finds far tokens less interesting, by a slope of its own for each head.
//
// Read alibi.h in common/ first.
#include "alibi.h"
#include "util.h"

#include <math.h>

void alibi_slopes(int NH, float *slope) {
    (void)NH;
    (void)slope;
    TODO("slope[0 .. NH-1]; begin with numbers of heads that are powers of two");
}
