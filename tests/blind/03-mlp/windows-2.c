// wrong: an id of 0 ends the window always, also in a running text (boundary -1), where it is a character like others.
// windows.c: every character with the few characters before it.
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    (void)boundary;
    for (int k = 0; k < block; k++) window[k] = 0;
    int at = block - 1;
    while (at >= 0 && n > 0 && id[n - 1] != 0) window[at--] = id[--n];
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 1; i < s.n; i++) {
        window_before(s.id, i, s.boundary, block, context + (i - 1) * (size_t)block);
        target[i - 1] = s.id[i];
    }
}
