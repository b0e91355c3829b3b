// grade.h: the grader's side of an exercise: checks, what they may ask, and how they answer.
#ifndef GRADE_H
#define GRADE_H

#include "tensor.h"
#include "util.h"

#include <stdint.h>

// One check of one exercise. It passes when run() returns; reject() ends it with a message to the learner.
typedef struct {
    const char *exercise;       // the file it judges, without .c
    const char *title;          // what is right when it passes
    int points;
    bool core;                  // of the short course
    void (*run)(void);
    const char *read;           // where the text explains it: a heading of the lesson
    char part;                  // 'a' ... where a lesson has parts, else 0
} GradeCheck;

// The main of a lesson's grade.c.
//     grade --list            a line per check: exercise, points, core or extra, title
//     grade EXERCISE          runs its checks; the answers go to stdout, "points of_points core_points of_core" to the file
//                             that $GRADE_RESULT names
int grade_main(int argc, char **argv, const char *lesson, const GradeCheck *check, int count);

// --- what a check may say ---

// Ends the check: not passed, and why.
_Noreturn void reject(const char *fmt, ...) PRINTF_LIKE(1, 2);

// If the exercise stops from here on with a report that holds `sign`, the learner is told `why` with it. The last one counts.
void if_stopped(const char *sign, const char *why);

// A wrong answer that learners give, and what to tell them. An answer is recognised by its numbers.
typedef struct {
    const char *why;
    const float *values;        // (n)
} Suspect;

// Compares got[0..n) with want[0..n), both with the shape of t (NULL: a plain row): every difference must be within
// tolerance * (1 + |want|); NaN is not. On a difference the check fails: with a suspect's message if the answer is that
// suspect's; else with the first place that differs, and the ratio if it is the same everywhere.
//     suspects end with one whose why is NULL; NULL: none
void expect_floats(const char *what, const float *got, const float *want, size_t n, const Tensor *shape, double tolerance,
                   const Suspect *suspects);
// The same for one number.
void expect_number(const char *what, double got, double want, double tolerance);
void expect_int(const char *what, long got, long want);

// --- what a check may build with ---

// A tensor whose data and gradient are blocks of their own, so that AddressSanitizer sees their ends. The values are odd,
// unequal and the same every time; grad starts at `grad`, so that = in place of += shows.
Tensor *given_tensor(const char *name, int ndim, const int *shape, uint32_t seed, float grad);
// n floats (ints) in a block of their own.
float *given_floats(size_t n, uint32_t seed);
int *given_ints(const int *values, size_t n);
float *filled(size_t n, float value);

#endif
