// wrong: the last id looks at what lies behind the end; shows where id[n - 1] is left and the old id in id[n] happens to be right (or where nothing may be read there).
// pair_merge.c, your exercise: two neighbours become one token.
//
// Read pair_merge.h in common/ first.
#include "pair_merge.h"
#include "util.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    int to = 0;
    for (int i = 0; i < n; i++) {
        if (id[i] == left && id[i + 1] == right) {
            id[to++] = merged;
            i++;
        } else {
            id[to++] = id[i];
        }
    }
    return to;
}
