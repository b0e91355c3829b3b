// testing.h: what every test program shares: its suite and last line, scratch files, closeness, and programs' words.
#ifndef TESTING_H
#define TESTING_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>

// --- the suite ---
// int main(void) {
//     TCase *c = testing_start("rng");
//     tcase_add_test(c, some_test);
//     return testing_end();
// }

// Every test runs in a process of its own, in the repository's root, for at most two minutes.
TCase *testing_start(const char *area);
// Adds a test that reads a fetched data set. Without NAME.txt in datasets or $LM_DATASETS it prints a line "SKIP ..." and
// counts; with REQUIRE_DATA=1 in the environment it fails instead.
void testing_add_with_data(TCase *c, const TTest *test, const char *data);
// Runs them all and prints "N passed, N failed, N skipped" as the last line. The exit code: 0 if none failed.
int testing_end(void);

// --- closeness ---

// Fails unless |got - want| <= absolute + relative * |want| for all n (so NaN fails), and says where it is not.
void testing_close(const char *what, const float *got, const float *want, size_t n, double absolute, double relative);
void testing_close_double(const char *what, const float *got, const double *want, size_t n, double absolute, double relative);
// Fails unless all n have the same bits.
void testing_same_bits(const char *what, const float *got, const float *want, size_t n);

// A random number from -1 to 1, from a generator that is not the one under test.
double testing_random(unsigned *state);
void testing_fill(float *x, size_t n, double size, unsigned seed);

// --- files ---

// A scratch directory that is there while the program runs. The path of a file in it; free it.
char *testing_path(const char *name);
void testing_write(const char *path, const void *bytes, size_t size);
void testing_write_text(const char *path, const char *text);
// All of a file, with a NUL after it; fails if it cannot be read. Free it. size may be NULL.
char *testing_read(const char *path, size_t *size);

// --- what a program says, and how it ends ---

typedef struct {
    int code;               // its exit code; -1: a signal ended it
    int signal;
    char out[16000], err[4000];
} Ending;

// Runs f(ctx) in a child process, whose exit code is what f returns unless it exits by itself.
Ending testing_run(int (*f)(void *ctx), void *ctx);
// Fails unless it ended with exit code 2, nothing on stdout and one line on stderr that holds `word`.
void testing_refused(const Ending *end, const char *word);
// Fails unless a CHECK stopped it with a message that holds `word`.
void testing_aborted(const Ending *end, const char *word);
// Fails unless the text has one line, or a part of one, and holds `word`.
void testing_one_line(const char *text, const char *word);

#endif
