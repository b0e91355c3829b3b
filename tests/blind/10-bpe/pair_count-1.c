// wrong: n - 1 as a size_t is a huge number where n is 0; shows only with n == 0, where it reads far behind the ids.
// pair_count.c, your exercise: which tokens stand side by side, and how often.
//
// Read pair_count.h and pair_table.h in common/ first.
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    size_t pairs = (size_t)n - 1;
    for (size_t i = 0; i < pairs; i++) pair_table_add(t, id[i], id[i + 1], times);
}
