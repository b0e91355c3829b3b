// wrong: nothing is done unless times is above 0; shows only with times below 0, which should take counts off again.
// pair_count.c, your exercise: which tokens stand side by side, and how often.
//
// Read pair_count.h and pair_table.h in common/ first.
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    if (times <= 0) return; // a word that is not there has no pairs
    for (int i = 1; i < n; i++) pair_table_add(t, id[i - 1], id[i], times);
}
