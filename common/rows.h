// rows.h, from lesson 02: the rows of a tensor, shared among threads where that pays.
#ifndef ROWS_H
#define ROWS_H

#include "tensor.h"

// Calls row(t, n) for n = 0 .. N-1, in any order; `work` is about how many numbers that touches in all. Small work stays on this
// thread: waking others costs more than it brings, and even a parallel region of one thread allocates memory.
void rows_each(Tensor *t, int N, size_t work, void (*row)(Tensor *t, int n));
// Does so much work pay for waking threads, here and now?
bool rows_worth_threads(size_t work);

#endif
