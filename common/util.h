// util.h, from lesson 01: checks that are always on, and memory that cannot fail silently.
#ifndef UTIL_H
#define UTIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

// A mistake in the program: says what was seen and where, then aborts.
//     CHECK(n > 0, "nll: n is %zu, want at least 1", n);
#define CHECK(condition, ...)                                                                                \
    do {                                                                                                     \
        if (!(condition)) util_abort(__FILE__, __LINE__, #condition, __VA_ARGS__);                           \
    } while (0)

// A mistake of the person at the keyboard: one line on stderr, exit code 2.
#define DIE(...) util_die(__VA_ARGS__)

// An exercise that waits for you: names the file and the line, exit code 3.
#define TODO(what) util_todo(__FILE__, __LINE__, what)

// How many elements an array has.
#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

enum { EXIT_BAD_INPUT = 2, EXIT_TODO = 3 };

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

_Noreturn void util_abort(const char *file, int line, const char *condition, const char *fmt, ...) PRINTF_LIKE(4, 5);
_Noreturn void util_die(const char *fmt, ...) PRINTF_LIKE(1, 2);
_Noreturn void util_todo(const char *file, int line, const char *what);

// What went wrong with a file or an option, in one line, for the caller to show. Functions that can fail because
// of what a person gave them return false (or NULL) and fill one of these; they never exit and never half-finish.
typedef struct {
    char message[512];
} Error;

// Fills e (which may be NULL) and returns false, so that a function can end with `return error(e, "...")`.
bool error(Error *e, const char *fmt, ...) PRINTF_LIKE(2, 3);

// malloc, calloc and realloc that never return NULL: without memory the program says how much it wanted, exit code 2. Free with free().
void *xmalloc(size_t bytes);
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t bytes);
// A new string made as printf would. Free with free().
char *xprintf(const char *fmt, ...) PRINTF_LIKE(1, 2);

// Columns of the terminal that `out` writes to; `otherwise` where it is none.
int terminal_width(FILE *out, int otherwise);
// Seconds since some fixed moment; differences are wall-clock time.
double seconds_now(void);

static inline int min_int(int a, int b) { return a < b ? a : b; }
static inline int max_int(int a, int b) { return a > b ? a : b; }

#endif
