// windows.c, your exercise: every character with the few characters before it.
//
// Read windows.h in common/ first, and the struct Stream in text.h.
#include "windows.h"

void window_before(const int *id, size_t n, int boundary, int block, int *window) {
    // n and sizes are unsigned: n - 4 is no negative number where n is 3. Ask before you subtract.
    (void)id;
    (void)n;
    (void)boundary;
    (void)block;
    (void)window;
    TODO("window[0 .. block-1]: the ids before place n, the oldest first, and 0 for those that are not in the same name");
}

void windows(Stream s, int block, int *context, int *target) {
    (void)s;
    (void)block;
    (void)context;
    (void)target;
    TODO("for every place i = 1 .. s.n-1: the window before it into row i-1 of context, its id into target[i-1]");
}
