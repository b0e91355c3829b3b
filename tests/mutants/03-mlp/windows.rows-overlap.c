// expect: begins at context + (i-1) * block
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    for (int k = 0; k < block; k++) window[k] = 0;
    for (size_t back = 1; back <= (size_t)block; back++) {
        if (back > n || id[n - back] == boundary) break;    // the text begins here, or the name
        window[block - back] = id[n - back];
    }
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 1; i < s.n; i++) {
        window_before(s.id, i, s.boundary, block, context + (i - 1));
        target[i - 1] = s.id[i];
    }
}
