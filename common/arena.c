// arena.c, from lesson 02: memory for everything that one training step makes, given back all at once.
#define _POSIX_C_SOURCE 200809L
#include "arena.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define WATCHED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WATCHED 1
#endif
#endif

#ifdef WATCHED
#include <sanitizer/asan_interface.h>
enum { GAP = 64 };      // poisoned bytes after every allocation
#else
#define ASAN_POISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
enum { GAP = 0 };
#endif

enum { ALIGN = 64, SMALLEST_BLOCK = 1 << 20 };

typedef struct ArenaBlock Block;
struct ArenaBlock {
    Block *next;
    char *data;
    size_t size, used;
};

static size_t round_up(size_t n) { return (n + ALIGN - 1) / ALIGN * ALIGN; }

static Block *new_block(size_t size) {
    Block *b = xmalloc(sizeof *b);
    void *data = NULL;
    if (posix_memalign(&data, ALIGN, size) != 0) DIE("out of memory: a step wants %zu bytes more; want a smaller batch or a smaller model", size);
    *b = (Block){.data = data, .size = size};
    ASAN_POISON_MEMORY_REGION(b->data, size);
    return b;
}

// The first block, from the current one on, that has room; a new one twice as large as the last when none has.
static Block *block_with_room(Arena *a, size_t bytes) {
    Block **link = &a->first, *last = NULL;
    for (Block *b = a->now; b; b = b->next) {
        if (b->size - b->used >= bytes) return b;
        last = b;
        link = &b->next;
    }
    size_t size = last ? 2 * last->size : SMALLEST_BLOCK;
    return *link = new_block(size > bytes ? size : bytes);
}

void *arena_alloc(Arena *a, size_t bytes) {
    size_t room = round_up(bytes) + GAP;
    Block *b = a->now = block_with_room(a, room);
    void *p = b->data + b->used;
    b->used += room;
    a->used += room;
    if (a->used > a->peak) a->peak = a->used;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    return p;
}

void arena_reset(Arena *a) {
    for (Block *b = a->first; b; b = b->next) {
#ifdef WATCHED
        ASAN_UNPOISON_MEMORY_REGION(b->data, b->used);
        memset(b->data, 0xFF, b->used);
        ASAN_POISON_MEMORY_REGION(b->data, b->size);
#endif
        b->used = 0;
    }
    a->now = a->first;
    a->used = 0;
}

void arena_free(Arena *a) {
    for (Block *b = a->first, *next; b; b = next) {
        next = b->next;
        ASAN_UNPOISON_MEMORY_REGION(b->data, b->size);
        free(b->data);
        free(b);
    }
    memset(a, 0, sizeof *a);
}
