// expect: the last pair of all is not counted
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    for (int i = 0; i + 2 < n; i++) pair_table_add(t, id[i], id[i + 1], times);
}
