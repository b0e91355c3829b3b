// wrong: keeps the ranks in an array of 1024, for no word is so long; shows with words of more than 1025 bytes.
// bpe_word.c, your exercise: one piece of text, as tokens.
//
// Read bpe_word.h in common/ first, then the struct Bpe and bpe_rank in bpe.h.
#include "bpe_word.h"
enum { LONGEST = 1024 };

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    int rank[LONGEST]; // of the pair i, i + 1; -1: none
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    for (int i = 0; i + 1 < n; i++) rank[i] = bpe_rank(b, id[i], id[i + 1]);
    for (;;) {
        int at = -1;
        for (int i = 0; i + 1 < n; i++)
            if (rank[i] >= 0 && (at < 0 || rank[i] < rank[at])) at = i;
        if (at < 0) return n;
        id[at] = b->merged[rank[at]];
        n--;
        for (int i = at + 1; i < n; i++) id[i] = id[i + 1];
        for (int i = at + 1; i + 1 < n; i++) rank[i] = rank[i + 1];
        if (at > 0) rank[at - 1] = bpe_rank(b, id[at - 1], id[at]);
        if (at + 1 < n) rank[at] = bpe_rank(b, id[at], id[at + 1]);
    }
}
