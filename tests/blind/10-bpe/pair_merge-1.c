// wrong: a word too short to hold a pair is said to have 0 ids; shows only with n == 1, where 1 is right.
// pair_merge.c, your exercise: two neighbours become one token.
//
// Read pair_merge.h in common/ first.
#include "pair_merge.h"
#include "util.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    if (n < 2) return 0; // no pair in it
    int to = 0, i = 0;
    while (i < n) {
        if (i < n - 1 && id[i] == left && id[i + 1] == right) {
            id[to++] = merged;
            i += 2;
        } else {
            id[to++] = id[i++];
        }
    }
    return to;
}
