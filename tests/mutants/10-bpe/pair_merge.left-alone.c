// expect: every left is merged with what comes behind it
#include "pair_merge.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    (void)right;
    int to = 0;         // where the next one goes, which is never behind i
    for (int i = 0; i < n; i++) {
        if (i + 1 < n && id[i] == left) {
            id[to++] = merged;
            i++;        // two are done
        } else id[to++] = id[i];
    }
    return to;
}
