// expect: each pair counts 1, and not `times`
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    (void)times;
    for (int i = 0; i + 1 < n; i++) pair_table_add(t, id[i], id[i + 1], 1);
}
