// wrong: walks from the end to the beginning: all counts are right, but new pairs come into the table in the reverse order; shows in the order of t->pair from two new pairs on.
// pair_count.c, your exercise: which tokens stand side by side, and how often.
//
// Read pair_count.h and pair_table.h in common/ first.
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    while (n > 1) {
        n--;
        pair_table_add(t, id[n - 1], id[n], times);
    }
}
