// expect: what was in the table before is gone
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    pair_table_free(t);
    for (int i = 0; i + 1 < n; i++) pair_table_add(t, id[i], id[i + 1], times);
}
