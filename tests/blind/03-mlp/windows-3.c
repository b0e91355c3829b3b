// wrong: window_before returns at the boundary without writing the zeros that belong into the rest of the window.
// windows.c: every character with the few characters before it.
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    for (int at = block - 1; at >= 0; at--) {
        if (n == 0) return;         // before the text stands nothing
        n--;
        if (id[n] == boundary) return;
        window[at] = id[n];
    }
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 1; i < s.n; i++) {
        window_before(s.id, i, s.boundary, block, context + (i - 1) * (size_t)block);
        target[i - 1] = s.id[i];
    }
}
