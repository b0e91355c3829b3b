// expect: that is how many were merged
#include "pair_merge.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    int to = 0;         // where the next one goes, which is never behind i
    for (int i = 0; i < n; i++) {
        if (i + 1 < n && id[i] == left && id[i + 1] == right) {
            id[to++] = merged;
            i++;        // two are done
        } else id[to++] = id[i];
    }
    return n - to;
}
