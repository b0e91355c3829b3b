// wrong: windows slides its own window along and shifts a 0 in at a boundary, but keeps the older letters, so windows reach into the name before.
// windows.c: every character with the few characters before it.
#include "windows.h"

#include <string.h>

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    bool ended = false;
    for (int k = 1; k <= block; k++) {
        if (!ended && ((size_t)k > n || id[n - (size_t)k] == boundary)) ended = true;
        window[block - k] = ended ? 0 : id[n - (size_t)k];
    }
}

void windows(Stream s, int block, int *context, int *target) {
    for (size_t i = 1; i < s.n; i++) {
        int *row = context + (i - 1) * (size_t)block;
        // The same window as the row before, one place further: shift it left and put the newest id at its end.
        if (i == 1) memset(row, 0, (size_t)block * sizeof *row);
        else memcpy(row, row - block + 1, (size_t)(block - 1) * sizeof *row);
        row[block - 1] = s.id[i - 1] == s.boundary ? 0 : s.id[i - 1];
        target[i - 1] = s.id[i];
    }
}
