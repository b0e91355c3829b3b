// grade/judges.h: what the files of lesson 11's grader share, and the checks that they hold.
#ifndef JUDGES_H
#define JUDGES_H

#include "operations.h"
#include "routing.h"

// Before the name of a gradient: what stood in it before, if anything.
const char *was(float start);
// Nobody wants its gradient any more.
void unwanted(Tensor *t);
bool same_ints(const int *a, const int *b, int n);
// "0 3 3 5"
const char *ints_text(const int *v, int n);

// A routing by plain counting, in blocks of its own. First choices come before second ones where there is too little room; among an expert's rows,
// the last to come stands first.
const Routing *given_routing(const int *choice, int N, int K, int E, int capacity);

// grade/norm.c
void norm_rows(void), norm_back(void), norm_small(void);
// grade/swiglu.c
void swiglu_values(void), swiglu_slope(void);
// grade/route.c
void route_choice(void), route_gates(void), route_back(void), route_favour(void);
// grade/sorting.c
void sorting_rows(void), sorting_room(void), sorting_who(void), sorting_share(void);
// grade/travel.c
void dispatch_rows(void), dispatch_back(void), combine_sum(void), combine_back(void), combine_dropped(void);
// grade/balance.c
void balance_price(void), balance_back(void);

#endif
