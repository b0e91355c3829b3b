// wrong: looks at the last id that was written, so a token just made can be the left of another pair; shows only with merged == left, such as 5 6 6 with left 5, right 6, merged 5: 5 6 is right, this makes it 5.
// pair_merge.c, your exercise: two neighbours become one token.
//
// Read pair_merge.h in common/ first.
#include "pair_merge.h"
#include "util.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    int to = 0;
    for (int i = 0; i < n; i++) {
        if (to > 0 && id[to - 1] == left && id[i] == right)
            id[to - 1] = merged;
        else
            id[to++] = id[i];
    }
    return to;
}
