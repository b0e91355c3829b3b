// expect: it is merged from the right on
#include "pair_merge.h"

int pair_merge(int *id, int n, int left, int right, int merged) {
    for (int i = n - 2; i >= 0; i--)
        if (i + 1 < n && id[i] == left && id[i + 1] == right) {
            id[i] = merged;
            n--;
            for (int k = i + 1; k < n; k++) id[k] = id[k + 1];
        }
    return n;
}
