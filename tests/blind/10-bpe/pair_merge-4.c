// wrong: a pair that overlaps with one before it is left alone, even if that one was not merged itself; right for 5 5 and 5 5 5, shows with left == right from four in a row on: 5 5 5 5 becomes merged 5 5.
// pair_merge.c, your exercise: two neighbours become one token.
//
// Read pair_merge.h in common/ first.
#include "pair_merge.h"
#include "util.h"

static bool is_pair(const int *id, int left, int right) { return id[0] == left && id[1] == right; }

int pair_merge(int *id, int n, int left, int right, int merged) {
    int to = 0, i = 0;
    while (i < n) {
        bool overlaps = i > 0 && is_pair(id + i - 1, left, right); // then the first of the two is taken
        if (i + 1 < n && is_pair(id + i, left, right) && !overlaps) {
            id[to++] = merged;
            i += 2;
        } else {
            id[to++] = id[i++];
        }
    }
    return to;
}
