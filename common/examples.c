// examples.c, from lesson 03: a split of a text as windows in memory.
#include "examples.h"
#include "windows.h"

#include <stdlib.h>

Examples examples_of(Stream s, int block) {
    Examples e = {.N = s.n > 1 ? (int)(s.n - 1) : 0, .block = block};
    e.context = xmalloc((size_t)e.N * (size_t)block * sizeof *e.context);
    e.target = xmalloc((size_t)e.N * sizeof *e.target);
    if (e.N > 0) windows(s, block, e.context, e.target);
    return e;
}

void examples_free(Examples *e) {
    free(e->context);
    free(e->target);
    *e = (Examples){0};
}
