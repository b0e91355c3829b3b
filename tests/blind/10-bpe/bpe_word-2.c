// wrong: goes through the list of merges once, from rank 0 up; shows only where a merge is listed before the one that makes its parts: merges (ab, c), (a, b), in this order, make abc of abc, this stays at ab c.
// bpe_word.c, your exercise: one piece of text, as tokens.
//
// Read bpe_word.h in common/ first, then the struct Bpe and bpe_rank in bpe.h.
#include "bpe_word.h"
#include "pair_merge.h"

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    // in the same order as training did
    for (int rank = 0; rank < b->merges && n > 1; rank++) n = pair_merge(id, n, b->pair[rank][0], b->pair[rank][1], b->merged[rank]);
    return n;
}
