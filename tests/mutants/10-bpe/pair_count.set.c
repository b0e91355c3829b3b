// expect: a count is set, where it should grow
#include "pair_count.h"

void pair_count(PairTable *t, const int *id, int n, long times) {
    for (int i = 0; i + 1 < n; i++) {
        int at = pair_table_at(t, id[i], id[i + 1]);
        t->pair[at].count = times;
    }
}
