// arena.h, from lesson 02: memory for everything that one training step makes, given back all at once.
#ifndef ARENA_H
#define ARENA_H

#include <stddef.h>

// Blocks of memory, filled from the front. A reset makes them empty and keeps them, so a step that asks for the same as
// the step before gets it without a malloc, at the same addresses.
typedef struct {
    struct ArenaBlock *first, *now;     // a list of blocks; now: the one being filled
    size_t used, peak;                  // bytes handed out since the reset, and the most that ever was
} Arena;

// All zeros is an empty arena: Arena a = {0};
// `bytes` bytes at an address that is a multiple of 64 (a cache line, a vector register). Not zeroed. Never NULL.
void *arena_alloc(Arena *a, size_t bytes);
// Gives everything back at once: what arena_alloc returned before must not be used any more. The debug build (make DEBUG=1)
// fills it with 0xFF, so that stale floats read NaN, and lets AddressSanitizer watch the gaps between allocations.
void arena_reset(Arena *a);
void arena_free(Arena *a);

#endif
