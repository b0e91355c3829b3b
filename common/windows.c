// windows.c, from lesson 03: every character with the few characters before it.
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    bool inside = true;     // still in the same name, on the way back
    for (size_t back = 1; back <= (size_t)block; back++) {
        inside = inside && back <= n && id[n - back] != boundary;
        window[(size_t)block - back] = inside ? id[n - back] : 0;
    }
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 1; i < s.n; i++) {
        window_before(s.id, i, s.boundary, block, context + (i - 1) * (size_t)block);
        target[i - 1] = s.id[i];
    }
}
