// windows.h, from lesson 03: every character with the few characters before it.
#ifndef WINDOWS_H
#define WINDOWS_H

#include "text.h"

// The `block` ids before place n of id[], the oldest first, into window[0..block). A window never reaches into another name: what
// would lie before a name's first letter is boundaries (id 0), as in ".emma." with block 3:
//     (. . .) e    (. . e) m    (. e m) m    (e m m) a    (m m a) .
// Before the first character of a running text stand characters of id 0 too.
void window_before(const int *id, size_t n, int boundary, int block, int *window);

// One example for every place i = 1 .. s.n-1 of the stream: target[i-1] is the id there, context[i-1] the window before it.
//     context (s.n-1, block)   target (s.n-1)
void windows(Stream s, int block, int *context, int *target);

#endif
