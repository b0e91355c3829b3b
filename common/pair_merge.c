// pair_merge.c, from lesson 10: two neighbours become one token.
#include "pair_merge.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    int to = 0;
    for (int i = 0; i < n; to++) {
        if (i + 1 < n && id[i] == left && id[i + 1] == right) {
            id[to] = merged;
            i += 2;
        } else id[to] = id[i++];
    }
    return to;
}
