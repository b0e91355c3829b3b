// expect: The last pair is id[n-2], id[n-1]
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    for (int i = 0; i < n; i++) pair_table_add(t, id[i], id[i + 1], times);
}
