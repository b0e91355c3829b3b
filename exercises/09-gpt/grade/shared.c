// grade/shared.c of 09-gpt: what the files of lesson 09's grader share.
#include "judges.h"

#include <math.h>
#include <string.h>

bool is_like(const float *got, const float *want, size_t n) {
    for (size_t i = 0; i < n; i++)
        if (!isfinite(want[i]) || !(fabsf(got[i] - want[i]) <= 2e-5f * (1 + fabsf(want[i])))) return false;
    return true;
}

const char *number_text(double x) { return isnan(x) ? "NaN" : isinf(x) ? "infinite" : xprintf("%.6g", x); }

const char *numbers_text(const float *x, size_t n) {
    enum { MOST = 12 };
    const char *text = "";
    for (size_t i = 0; i < n && i < MOST; i++) text = xprintf("%s%s%.4g", text, i ? " " : "", (double)x[i]);
    return n > MOST ? xprintf("%s ...", text) : text;
}
