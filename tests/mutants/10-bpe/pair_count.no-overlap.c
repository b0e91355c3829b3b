// expect: of three equal ids in a row only one pair is counted
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    for (int i = 0; i + 1 < n; i++) {
        pair_table_add(t, id[i], id[i + 1], times);
        if (i + 2 < n && id[i] == id[i + 1] && id[i + 1] == id[i + 2]) i++;
    }
}
