// wrong: a word that is a token as a whole (and no special one) is taken as that at once; shows where the merges do not lead there: with b c, a b, ab c the word abc is a bc, this makes it abc.
// bpe_word.c, your exercise: one piece of text, as tokens.
//
// Read bpe_word.h in common/ first, then the struct Bpe and bpe_rank in bpe.h.
#include "bpe_word.h"
#include <string.h>

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    // most words are one token: nothing is to be merged then
    for (int t = 0; t < b->size; t++)
        if (b->token[t] && !b->special[t] && b->length[t] == n && n > 0 && memcmp(b->token[t], word, (size_t)n) == 0) {
            id[0] = t;
            return 1;
        }
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    for (;;) {
        int lowest = -1, at = 0;
        for (int i = 0; i + 1 < n; i++) {
            int rank = bpe_rank(b, id[i], id[i + 1]);
            if (rank >= 0 && (lowest < 0 || rank < lowest)) {
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
