// expect: a word that is a token is taken as it is
#include "bpe_word.h"

#include <string.h>

int bpe_word(const Bpe *b, const unsigned char *word, int n, int *id) {
    for (int i = 0; i < n; i++) id[i] = b->byte[word[i]];
    for (int i = 0; i < b->size; i++)
        if (b->token[i] && !b->special[i] && b->length[i] == n && n > 0 && memcmp(b->token[i], word, (size_t)n) == 0) {
            id[0] = i;
            return 1;
        }
    for (;;) {
        int lowest = -1, at = 0;        // the lowest rank, and where it stands first
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
