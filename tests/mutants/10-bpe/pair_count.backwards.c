// expect: the pairs come in another order
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    for (int i = n - 2; i >= 0; i--) pair_table_add(t, id[i], id[i + 1], times);
}
