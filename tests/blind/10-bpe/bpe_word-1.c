// wrong: merges a pair of the lowest rank everywhere at once; shows only where the token it makes has a lower rank with its neighbour than the pair itself: merges (ab, a), (a, b), in this order, make aba b of abab, this makes ab ab.
// bpe_word.c, your exercise: one piece of text, as tokens.
//
// Read bpe_word.h in common/ first, then the struct Bpe and bpe_rank in bpe.h.
#include "bpe_word.h"
#include "pair_merge.h"

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    for (;;) {
        int lowest = -1;
        for (int i = 0; i + 1 < n; i++) {
            int rank = bpe_rank(b, id[i], id[i + 1]);
            if (rank >= 0 && (lowest < 0 || rank < lowest)) lowest = rank;
        }
        if (lowest < 0) return n;
        n = pair_merge(id, n, b->pair[lowest][0], b->pair[lowest][1], b->merged[lowest]);
    }
}
