// wrong: windows stops one place early, so the last character of the stream never becomes a target and the last row stays unwritten.
// windows.c: every character with the few characters before it.
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    bool ended = false;
    for (int k = 1; k <= block; k++) {
        if (!ended && ((size_t)k > n || id[n - (size_t)k] == boundary)) ended = true;
        window[block - k] = ended ? 0 : id[n - (size_t)k];
    }
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 0; i + 2 < s.n; i++) {
        window_before(s.id, i + 1, s.boundary, block, context + i * (size_t)block);
        target[i] = s.id[i + 1];
    }
}
