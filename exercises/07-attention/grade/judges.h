// grade/judges.h: what the files of lesson 07's grader share, and the checks that they hold.
#ifndef JUDGES_H
#define JUDGES_H

#include "operations.h"
#include "heads.h"

// qkv is (B,T,3C)
typedef struct { int B, T, C, NH; } Size;

Tensor *given_qkv(Size z, uint32_t seed, float start);
size_t count_of(Size z);        // of the numbers in qkv
// "NaN", "infinity" or the number.
const char *number_text(double x);
// The input must be as it was.
void expect_untouched(const char *what, const Tensor *x, const float *before);

// grade/looks.c
void look_one_head(void), look_heads(void), look_later(void), look_great(void), look_weights(void), look_to_values(void);
void look_to_queries(void), look_to_keys(void), look_adds(void), look_slopes(void);
// grade/places.c
void heads_begin(void);
void sinusoid_pairs(void), sinusoid_lengths(void);
void rope_turns(void), rope_heads(void), rope_elsewhere(void), rope_back(void), rope_adds(void);
void alibi_powers(void), alibi_others(void);

#endif
