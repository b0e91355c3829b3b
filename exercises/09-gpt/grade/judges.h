// grade/judges.h: what the files of lesson 09's grader share, and the checks that they hold.
#ifndef JUDGES_H
#define JUDGES_H

#include "operations.h"

// Are they the same numbers, but for rounding? What is not finite is like nothing else.
bool is_like(const float *got, const float *want, size_t n);
// "NaN", "infinite" or the number.
const char *number_text(double x);
// "0.5 0.25 0.25", the first dozen of them.
const char *numbers_text(const float *x, size_t n);

// grade/rates.c
void rate_rises(void), rate_falls(void), rate_elsewhere(void);
// grade/groups.c
void groups_sorted(void), groups_stepped(void), groups_in_order(void);
// grade/parts.c
void parts_gradients(void), parts_loss(void), parts_one_and_many(void);
// grade/cuts.c
void cut_top_p(void), cut_top_p_edges(void), cut_min_p(void), cut_top_k(void), cut_normalise(void);
// grade/caches.c
void cache_stores(void), cache_one_token(void), cache_tokens(void), cache_great(void), cache_rows(void), cache_text(void);

#endif
