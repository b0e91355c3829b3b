// wrong: the walk back stops one place too early, so id[0] is never read: the first character of a running text becomes 0 in every window.
// windows.c: every character with the few characters before it.
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    bool inside = true;
    for (int k = 1; k <= block; k++) {
        size_t back = (size_t)k;
        inside = inside && n > back && id[n - back] != boundary;
        window[block - k] = inside ? id[n - back] : 0;
    }
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 1; i < s.n; i++) {
        window_before(s.id, i, s.boundary, block, context + (i - 1) * (size_t)block);
        target[i - 1] = s.id[i];
    }
}
