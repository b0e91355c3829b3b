// expect: only every other pair is counted
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    for (int i = 0; i + 1 < n; i += 2) pair_table_add(t, id[i], id[i + 1], times);
}
