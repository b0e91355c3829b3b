// expect: the pair of rank 0 is not merged
#include "bpe_word.h"

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    for (;;) {
        int lowest = -1, at = 0;        // the lowest rank, and where it stands first
        for (int i = 0; i + 1 < n; i++) {
            int rank = bpe_rank(b, id[i], id[i + 1]);
            if (rank > 0 && (lowest < 0 || rank < lowest)) {
                lowest = rank;
                at = i;
            }
        }
        if (lowest < 0) return n;
        id[at] = b->merged[lowest];
        n--;
        for (int i = at + 1; i < n; i++) id[i] = id[i + 1];
    }
}
