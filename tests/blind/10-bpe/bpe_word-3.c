// wrong: ranks are kept in an array, and after a merge only that with the right neighbour is looked up again; shows where the pair of the left neighbour and the new token merges, or where the left neighbour merged with what is gone.
// bpe_word.c, your exercise: one piece of text, as tokens.
//
// Read bpe_word.h in common/ first, then the struct Bpe and bpe_rank in bpe.h.
#include "bpe_word.h"
#include <stdlib.h>

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    int *rank = xmalloc(((size_t)n + 1) * sizeof *rank); // of the pair i, i + 1; -1: none
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    for (int i = 0; i + 1 < n; i++) rank[i] = bpe_rank(b, id[i], id[i + 1]);
    for (;;) {
        int at = -1;
        for (int i = 0; i + 1 < n; i++)
            if (rank[i] >= 0 && (at < 0 || rank[i] < rank[at])) at = i;
        if (at < 0) break;
        id[at] = b->merged[rank[at]];
        n--;
        for (int i = at + 1; i < n; i++) {
            id[i] = id[i + 1];
            rank[i] = rank[i + 1];
        }
        rank[at] = at + 1 < n ? bpe_rank(b, id[at], id[at + 1]) : -1;
    }
    free(rank);
    return n;
}
