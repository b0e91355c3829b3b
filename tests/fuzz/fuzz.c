// fuzz.c: what the fuzz targets share: bytes as a file with a name, numbers at random, and what a good message is.
#define _GNU_SOURCE
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

const char *fuzz_file(int which, const void *bytes, size_t size) {
    static int file[2] = {-1, -1};
    static char path[2][40];
    if (file[which] < 0) {
        file[which] = memfd_create("fuzz", 0);
        snprintf(path[which], sizeof path[which], "/proc/self/fd/%d", file[which]);
    }
    CHECK(file[which] >= 0 && ftruncate(file[which], 0) == 0 && pwrite(file[which], bytes, size, 0) == (ssize_t)size, "fuzz_file: no file of %zu bytes in memory", size);
    return path[which];
}

int fuzz_random(unsigned *state, int n) {
    *state = *state * 1664525u + 1013904223u;
    return (int)((*state >> 8) % (unsigned)n);
}

void fuzz_refused(const Error *e) {
    size_t n = strnlen(e->message, sizeof e->message);
    CHECK(n > 0, "it is refused without a word");
    CHECK(n < sizeof e->message - 1, "the message has no end: %s", e->message);
    CHECK(!strpbrk(e->message, "\r\n"), "the message is not one line: %s", e->message);
}
