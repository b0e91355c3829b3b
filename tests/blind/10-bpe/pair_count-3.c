// wrong: how often a pair stands in the word is multiplied by times as an int; shows only with times (or the product) from 2147483648 on.
// pair_count.c, your exercise: which tokens stand side by side, and how often.
//
// Read pair_count.h and pair_table.h in common/ first.
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    int by = (int)times;
    for (int i = 0; i + 1 < n; i++) {
        int at = pair_table_at(t, id[i], id[i + 1]);
        t->pair[at].count += by;
    }
}
