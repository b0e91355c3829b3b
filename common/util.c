// util.c, from lesson 01: checks that are always on, and memory that cannot fail silently.
#define _GNU_SOURCE
#include "util.h"

#include <stdarg.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static void say(const char *fmt, va_list args) {
    fflush(stdout);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
}

void util_abort(const char *file, int line, const char *condition, const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    say(fmt, args);
    va_end(args);
    fprintf(stderr, "  (%s:%d: CHECK(%s) does not hold)\n", file, line, condition);
    abort();
}

void util_die(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    say(fmt, args);
    va_end(args);
    exit(EXIT_BAD_INPUT);
}

void util_todo(const char *file, int line, const char *what) {
    fflush(stdout);
    fprintf(stderr, "TODO %s:%d: %s\n", file, line, what);
    _Exit(EXIT_TODO);
}

bool error(Error *e, const char *fmt, ...) {
    if (e) {
        va_list args;
        va_start(args, fmt);
        vsnprintf(e->message, sizeof e->message, fmt, args);
        va_end(args);
        for (char *c = e->message; *c; c++)     // it stays one line, whatever a file name or a file holds
            if ((unsigned char)*c < 32 || *c == 127) *c = '?';
    }
    return false;
}

void *xmalloc(size_t bytes) {
    void *p = malloc(bytes ? bytes : 1);
    if (!p) DIE("out of memory: malloc of %zu bytes failed; want a smaller model or a smaller text", bytes);
    return p;
}

void *xcalloc(size_t count, size_t size) {
    void *p = calloc(count ? count : 1, size ? size : 1);
    if (!p) DIE("out of memory: calloc of %zu x %zu bytes failed; want a smaller model or a smaller text", count, size);
    return p;
}

void *xrealloc(void *p, size_t bytes) {
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q) DIE("out of memory: realloc to %zu bytes failed; want a smaller model or a smaller text", bytes);
    return q;
}

char *xprintf(const char *fmt, ...) {
    va_list args;
    va_start(args, fmt);
    char *text = NULL;
    int length = vasprintf(&text, fmt, args);
    va_end(args);
    CHECK(length >= 0, "out of memory: no room for a string made from \"%s\"", fmt);
    return text;
}

int terminal_width(FILE *out, int otherwise) {
    struct winsize size;
    return ioctl(fileno(out), TIOCGWINSZ, &size) == 0 && size.ws_col > 20 ? size.ws_col : otherwise;
}

double seconds_now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}
