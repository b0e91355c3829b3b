// expect: lacks the function nll
#include "nll.h"
