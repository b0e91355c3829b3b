// expect: it does not compile
#include "nll.h"

double nll(const float *p, size_t n) { return p[0] + }
